<?php

return [
    // Where people's browsers find Deskbell
    'url' => env('DESKBELL_URL'),
    'secret' => env('DESKBELL_SECRET'),
];
