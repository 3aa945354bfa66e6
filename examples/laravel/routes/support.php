<?php

use App\Http\Controllers\SupportController;
use Illuminate\Support\Facades\Route;

Route::middleware('auth')->group(function () {
    Route::get('/support/token', [SupportController::class, 'token']);
    Route::get('/support/staff', [SupportController::class, 'staff']);
});
