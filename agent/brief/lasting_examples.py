"""Example clauses of each kind, from which ``lasting_train`` makes the numbers of ``lasting_table``.

Contract. Text only, our own words, never read at run time. ``{a}`` stands for a style adjective, ``{n}`` for a style
noun, ``{s}`` for a subject; ``clauses()`` fills them in turn, so that no kind goes with one style. None of these
clauses stands in ``tests/bench/dialogues.jsonl``.

Kinds: ``want`` and ``avoid`` last; ``once`` is a wish for one drawing; ``question`` asks; ``other`` is talk.
"""

from __future__ import annotations

from collections.abc import Iterator

KINDS = ("want", "avoid", "once", "question", "other")
ADJECTIVES = ("teal", "filled", "thin", "outlined", "rounded", "dark green", "duotone", "chunky", "navy", "sharp")
NOUNS = ("2px strokes", "round caps", "rounded corners", "thin lines", "filled shapes", "gradients", "flat colours",
         "sharp corners", "drop shadows", "bold outlines")  # fmt: skip
SUBJECTS = ("bell", "umbrella", "shopping cart", "rocket", "folder", "cat")
FILLS = 4
"""Variants of each clause that has a place to fill."""

EXAMPLES: dict[str, str] = {
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
    "once": """
make this one {a}
make it {a}
could you try it with {n}
could you make it {a}
can I see it {a}
try {n} on it
a {a} {s}
a big {a} {s}
one {a} {s} please
draw a {a} {s}
draw me a {s} with {n}
a {s} with {n}
I need a {a} {s} for the landing page
I want a {a} {s}
I'd like a {s} in {a}
give the {s} {n}
the {s} should be {a}
the {s} needs {n}
the {s} could have {n}
paint the {s} {a}
turn the {s} {a}
turn it {a}
let's see it {a}
let's try {a} on this
show me the same one {a}
same {s} but {a}
this time without {n}
this time with {n}
just for this icon use {n}
this {s} without {n}
no {n} on this one
without {n} here
drop the {n} on the {s}
a {s}, no {n}
for the {s} I prefer {n}
this needs to be {a}
that one looks better {a}
it would look nicer {a}
perhaps {a} for this {s}
maybe {n} this time
how about {a}
what about {n} for this
now a {a} {s}
next, a {s} with {n}
next a {a} one
another one, {a} this time
for the christmas card I want it {a}
for the birthday page a {a} {s}
the header needs a {a} {s}
on this page the {s} is {a}
in this case {n} please
here I need {n}
today I want it {a}
for today make the {s} {a}
the left part {a}
only the handle {a}
its border should be {a}
the lines on this are too pale, go {a}
thicker lines here please
can the outline be bolder
give it {n}
add {n} to it
put {n} on that {s}
use {n} for this {s}
use {a} for the wheel
change it to {a}
switch the {s} to {a}
I'd love that {s} in {a}
could the {s} have {n}
would you make the {s} {a}
the second one in {a}
the last one with {n}
I think {n} would suit this {s}
as an experiment, make the {s} {a}
as a one time thing, {n}
a {s} and a {a} star
two {a} {s}s side by side
the {s} for the app store is {a}
my friend wants a {a} {s}
we need a {a} {s} for the button
our login screen needs a {a} {s}
our newsletter needs a {s} with {n}
get me a {s} that is {a}
a {a} {s} goes on our homepage
a {s} with {n} for my app
a {a} {s} for our website
give me a {s} for our site in {a}
our app needs a {a} {s}
we need a {a} {s}
I need a {s} with {n} for my shop
I love a {a} {s}
my team wants a {a} {s} for the campaign
the {s} may be {a}
the {s} can have {n}
the {s} wants {n}
a {a} {s} would look good on our site
a {s} with {n} would be nice
our {s} is {a}
my {s} should have {n}
all three {s}s {a}
all {s}s in the picture {a}
every {s} in this picture should be {a}
the whole {s} {a}
the entire {s} should be {a}
both {s}s with {n}
both wheels {a}
each leg of the table {a}
every leaf on the tree {a}
all of it a bit more {a}
give everything in this icon {n}
everything in it should be {a}
everything here {a}
make the whole thing {a}
make all of them {a} this time
try all of these with {n}
all users, {a}
every window of the house {a}
no {n} on the left {s}
the {s} on top must be {a}
the {s} must not have {n}
I like the {a} one
I prefer the {a} version
I think I prefer the {s} {a}
I'm thinking of a {a} {s}
I'm after a {a} {s} for the sale
we just need a {a} {s}
we want a {a} {s} here
it should have been {a}
it should never have been {a}
the {s} could do with {n}
the {s} deserves {n}
put the {s} in {a}
let the {s} be {a}
keep the {s} {a}
keep it {a}
leave the {s} {a}
stay {a} with this one
for the summer sale, {n}
for halloween make the {s} {a}
just for fun, {n}
for a change, {n}
exceptionally, {n}
only this {s} with {n}
a box with {n} for our warehouse app
a {a} box for every customer
""",
    "question": """
should it be {a}
should I use {n}
would {n} be better
are {n} better than none
do {n} work at small sizes
what do you think of {n}
is {a} a good choice
is {a} in fashion
do you prefer {n}
which is better, {a} or plain
how do {n} look on dark backgrounds
can you draw {n}
can you do {a} icons
do you support {n}
why are {n} so popular
what are {n}
do our users like {n}
shall we go {a}
would our brand look good {a}
have we ever used {n}
did I say {n}
are our icons {a}
how thick are our lines
does our set have {n}
could our icons be {a} one day
is it possible to have {n}
who decided on {n}
when did we start using {n}
what if everything were {a}
might {n} be too much
wouldn't {n} look childish
remind me whether we use {n}
does anybody still use {n}
is {a} too bright
isn't {a} a bit much for our brand
why do our icons have {n}
how do I get {n} in all icons
what do you know about our {a} icons
can all icons have {n} at 16px
would you recommend {n} for our app
any opinion on {n}
""",
    "other": """
my sister has a {a} car
I bought {a} shoes yesterday
we painted the office {a}
my dog is {a}
the weather is grey and cold today
the old icons were {a}
our previous designer used {n}
last year we had {n}
we used to have {n}
apple draws its icons with {n}
material design uses {n}
their website is {a}
the competition has {n}
somebody told me {n} are trendy
I read an article about {n}
the customer mentioned {n} in a call
a colleague complained about {n}
she liked the {a} one
he thinks {n} are nice
they drew everything {a}
I saw a {a} {s} on the way to work
I remember a {a} {s} from school
my favourite team plays in {a}
my kids like {a}
I once designed a {a} logo
if we had more time, {n} would be nice
one day we may go {a}
we might try {n} some time
we are still discussing {n}
not sure about {n} yet
I wonder about {n}
we have not decided between {a} and plain
someone should look into {n}
it depends on {n}
{n} are hard to draw
{n} are easy to see
{n} are a matter of taste
{a} is a popular colour in spring
the printer cannot do {n}
the screen shows {a} badly
our office has {a} walls
the meeting room is the {a} one
I work with {a} paper
the file is called {a}
the folder named {a} is mine
thanks, the {a} one was lovely
good job with the {n}
nice {n}
I noticed the {n}
you drew {n} there
it came out {a}
that was {a}, interesting
the last drawing had {n}
ours was {a} before the rebrand
the rebrand might bring {n}
my brother's company loves {n}
another department uses {n}
the other team keeps {n} in their set
users of other apps see {n}
their icons are all {a}
their set is {a} throughout
all icons in that app are {a}
his icons always have {n}
every other shop has {n}
everybody seems to use {n} these days
most sets come with {n}
the tutorial recommends {n}
my favourite band wears {a}
our cat hates {a}
we ate in a {a} restaurant
I wear {a} every day
my room is {a}
people say {n} are over
we tried {n} in 2019
we had a client who hated {n}
the new colleague draws with {n}
the first draft was {a}
the first version had {n}
our competitor went all in on {n}
all our competitors use {n}
every startup has {a} icons now
my screen has {n}
our new office is all {a}
our mugs are {a}
all my shirts are {a}
everything in my garden is {a}
my mother hates {a} sweaters
we drank {a} lemonade
we watched a {a} sunset
the whole street was {a}
their guidelines ask for {n}
their brand is {a}
the agency proposed {n}, we have to see
I heard {n} are back
our logo used to be {a}
""",
}


def clauses() -> Iterator[tuple[str, str, int]]:
    """(kind, clause, number of its template) with the places filled; the fillings go round, each kind alike."""
    turn = template = 0
    for kind in KINDS:
        for line in EXAMPLES[kind].strip().splitlines():
            template += 1
            for _ in range(FILLS if "{" in line else 1):
                yield (
                    kind,
                    line.format(
                        a=ADJECTIVES[turn % len(ADJECTIVES)],
                        n=NOUNS[(turn * 3 + turn // 10) % len(NOUNS)],
                        s=SUBJECTS[turn % len(SUBJECTS)],
                    ),
                    template,
                )
                turn += 1
