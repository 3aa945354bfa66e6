<?php

use Illuminate\Http\Request;
use Illuminate\Support\Facades\Route;

require __DIR__ . '/support.php';

Route::view('/', 'home');
Route::post('/sign-in', function (Request $request) {
    $request->session()->regenerate();
    $request->session()->put('who', $request->input('who'));

    return redirect('/');
});
