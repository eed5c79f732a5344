"""Example clauses that do not last: for one drawing (``once``), questions (``question``), talk (``other``).

Contract. Text only, our own words, never read at run time; ``lasting_examples`` says how the places are filled.
"""

from __future__ import annotations

PASSING: dict[str, str] = {
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
