"""Example clauses that last: wishes (``want``) and bans (``avoid``).

Contract. Text only, our own words, never read at run time; ``lasting_examples`` says how the places are filled.
"""

from __future__ import annotations

LASTING: dict[str, str] = {
    "want": """
our house look is {a}
everything we ship should be {a}
keep {n} across the product
stick to {n}
the whole app is drawn {a}
our icons come {a} and nothing else
all pictograms in this family need {n}
we go for {n}
as far as style goes, {a} wins with us
make {a} the standard for us
{n} are what makes our brand recognisable
the style guide asks for {n}
per our guidelines, {n} only
brand rules: {n}
style: {a}, applied to every icon
config for all icons: {n}
house rule: {n}
spec: {n} on every glyph
the marketing people insist on {n}
our designers settled on {n} years ago
customers know us for our {a} icons
{a} is how we roll
{a} for everything please
{a} everywhere
{n} throughout
{n} in each and every drawing
whatever I ask for, give it {n}
no matter the subject, go {a}
any icon of mine should come out {a}
I want all my stuff {a}
I tend to go with {n}
I'm a {a} kind of person
I am fond of {n}
I adore {n} in icons
big fan of {n}
my taste runs to {n}
my thing is {n}
my portfolio is {a} through and through
we are a {a} shop
we've decided that icons have {n}
we agreed on {n} for the entire set
the team voted for {n}
please keep all of it {a}
the rest of the set must match: {n}
icons on our site are {a}
our toolbar glyphs have {n}
symbols we publish carry {n}
the design system is built on {n}
the product team wants {n} in all assets
the entire collection uses {n}
consistency matters: {n} on all of them
treat {n} as the baseline
assume {n} unless I say otherwise
unless told otherwise, {a}
you can rely on {n} as our usual choice
standard issue here is {n}
in this company icons are {a}
our visual style relies on {n}
our look and feel calls for {n}
I'd rather have {n} in general
it's {a} or nothing with us
{a} all the time
{a} from here onwards
henceforward {n}
nothing but {n} for us
only {n}, that's policy
each glyph must have {n}
every symbol we make gets {n}
every single one of my icons is {a}
lines should be thin in everything you do
strokes ought to be 2px in all icons
corners stay rounded in our work
colours: {a} only, company wide
the grid we work on is 24px
we draw on a 20px canvas
we build icons at 16px
our padding is 2px on all sides
leave 2px padding in all icons
our colour scheme is {a}
the palette we use is {a}
I'm after {n} for the long run
please adopt {n} as a habit
make a habit of {n}
keep in line with our style of {n}
we lean towards {n}
we always end up with {n}
we swear by {n}
I'm attached to {n}
I have a weakness for {n}
I'm all for {n}
{n} are a must for our icons
{n} are a given in our set
{n} suit us well
{n} fit our brand
{n} feel right for our product
go {a} with all of this
we're on {n} company wide
our firm works with {n}
our company colour is {a}
the official colour of the firm is {a}
our identity is {a}
the brand is {a}
my business is all about {a}
the corporate colour: {a}
a {a} look is what we're after in our icons
a {a} style is our trademark
a consistent look with {n} is important to us
icons: {n}
all of it in {a}
I expect {n} from every icon
we require {n} in icons
the client requires {n} across all icons
my users are used to {n}
we print in {a}
we publish in {a}
we ship {n}
what I want across our suite is {n}
what matters to us is {n}
what we need in each icon is {n}
you may assume {n} from me
you can take it as given that I want {n}
set {n} for the lot
use {a} whenever possible
use {n} wherever it fits
wherever possible go {a}
icons must have {n}
icons have to be {a}
an icon of ours has {n}
an icon has to have {n} or our users complain
a proper icon has {n}, if you ask me
our boss says {n} only
the boss wants {n} in all icons
legal requires {n}
I was told to use {n} for all icons
I draw for children, so everything is {a}
we make toys, hence {n} in every icon
since we are a bank, everything is {a}
as a matter of principle, {n}
as a matter of taste I choose {n}
guideline 4: {n}
brand guide, page 3: {n}
note to self and to you: {n} in our set
for the record, our icons have {n}
for consistency, {n} on everything
to keep things consistent use {n}
the same goes for all icons: {n}
icons in this project have {n}
in this project we use {n}
the project calls for {n}
our app is all {n}
our dashboard is {a}, so are its icons
we've always been {a}
we've been {a} since day one
{a} is who we are
{a} is our thing
{a} is the only way for us
{n} define us
{n} set us apart
{n} are our hallmark
{n} run through all our artwork
{n} are here to stay
{n} are the way to go for our whole app
my work is known for {n}
my style is all about {n}
I work exclusively with {n}
I draw in {a} only
I feel at home with {n}
I'd be grateful if all icons could have {n}
would be nice if all our icons had {n}
could all my icons be {a} please
can you keep all icons {a}
see to it that icons have {n}
be sure to give every icon {n}
make no exception: {n}
let all icons from you have {n}
from you I only want {n}
your icons for me should have {n}
anything from you should be {a}
when drawing for us, go {a}
if you draw for us, use {n}
our readers expect {n}
""",
    "avoid": """
I can't stand {n}
we can't stand {a} icons
not a fan of {n}
steer clear of {n}
stay away from {n} in our set
keep {n} out of our icons
{n} are banned
{n} are forbidden in our product
{n} are off limits
{n} don't fit our brand
{n} do not belong in our icons
we don't do {n}
we don't believe in {n}
we stopped doing {n}
we got rid of {n} for all icons
our guidelines rule out {n}
the style guide forbids {n}
the brand book prohibits {n}
please refrain from {n} in general
no {n} in anything you make
no {n} for us, ever
nothing {a} in our set
none of our icons are {a}
nobody here likes {n}
I loathe {n}
I despise {n} in icons
{n} annoy me
{n} look dated, our brand avoids them
{n} make me cringe
{n} are not for us
{n} are not my cup of tea
{n} are not our style
{n} aren't welcome in this set
{n} should be left out of everything
we are done with {n}
I've had enough of {n} in our icons
I have never cared for {n}
I don't care for {n}
not into {n} at all
please spare me {n}
our icons must be free of {n}
our icons must not have {n}
icons of ours shouldn't be {a}
we'd rather do without {n}
avoid {n} in all icons
under no circumstances use {n}
{n} are out, company wide
{n} drive me mad
my boss rejects anything with {n}
{n} are a deal breaker
{n} give me a headache
{n} are the last thing we want
{n} have to go, in all icons
{n} have no business in our product
{n} have never been our thing
{n} ruin an icon
{n} look cheap on our icons
{n} clash with our brand
{n} confuse our users
{n} are a thing of the past for us
{n} were dropped from our guidelines
{n} are so last decade, we don't use them
I'm not one for {n}
I'm no friend of {n}
I get nervous when I see {n} in icons
I never want to see {n}
I won't accept {n}
I have no love for {n}
we have no use for {n}
we have no time for {n} here
we can't have {n} anywhere in the app
we can't have {a} icons
we said goodbye to {n}
we banished {n} from the set
we turned our back on {n}
we agreed not to have {n}
no one on the team likes {n}
no one wants {n} in our product
not one icon of ours has {n}
please never give me {n}
don't ever send me {n}
do not bring {n} into this set
skip the {n} in all of our icons
leave the {n} out of our icons, all of them
forget {n}, that is not us
if there's one thing we hate it's {n}
anything but {n}
{a} icons are not us
{a} is not for us
{a} is not our colour
{a} icons look wrong in our app
our customers dislike {n}
""",
}
