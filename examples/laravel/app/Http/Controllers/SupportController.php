<?php

namespace App\Http\Controllers;

use App\Support\SupportToken;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Illuminate\View\View;

class SupportController
{
    /** Requested when the token of an open page has expired */
    public function token(Request $request): Response
    {
        return response(SupportToken::forCustomer($request->user()))
            ->header('Content-Type', 'text/plain')
            ->header('Cache-Control', 'no-store');
    }

    /** Signs staff in to the dashboard */
    public function staff(Request $request): View
    {
        abort_unless($request->user()->is_staff, 403);

        return view('support.staff', ['token' => SupportToken::forStaff($request->user())]);
    }
}
