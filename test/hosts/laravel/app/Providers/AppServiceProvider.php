<?php

namespace App\Providers;

use Illuminate\Auth\GenericUser;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\Auth;
use Illuminate\Support\Facades\Route;
use Illuminate\Support\ServiceProvider;

class AppServiceProvider extends ServiceProvider
{
    /** Stands for the sign-in of a starter kit, and for the table of users */
    private const PEOPLE = [
        'ada' => ['id' => 1, 'email' => 'ada@example.com', 'name' => 'Ada', 'is_staff' => false],
        'sam' => ['id' => 2, 'email' => 'sam@example.com', 'name' => 'Sam', 'is_staff' => true],
    ];

    public function boot(): void
    {
        Auth::viaRequest('by-session', function (Request $request) {
            $person = self::PEOPLE[$request->session()->get('who')] ?? null;

            return $person ? new GenericUser($person) : null;
        });
        Route::middleware('web')->group(base_path('routes/web.php'));
    }
}
