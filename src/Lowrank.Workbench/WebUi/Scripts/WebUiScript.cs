namespace Lowrank.Workbench;

/// <summary>A script that a body of AUTOMATIC1111's interface names, which draws it in its own way.</summary>
abstract class WebUiScript
{
    /// <summary>Its title; large and small letters make no difference.</summary>
    public abstract string Title { get; }

    /// <summary>Draws.</summary>
    /// <param name="run">The body, and what draws one.</param>
    /// <param name="args">The script's arguments.</param>
    /// <exception cref="LowrankException">An argument is not of its kind, or the script cannot be run.</exception>
    public abstract WebUiAnswer Run(WebUiScriptRun run, WebUiScriptArguments args);
}
