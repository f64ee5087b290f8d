namespace Lowrank.Language;

/// <summary>A function or method of ours.</summary>
/// <param name="name">Its name.</param>
/// <param name="body">What it does.</param>
sealed class TemplateFunction(string name, Func<TemplateRun, CallArguments, object> body) : TemplateCallable
{
    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override object Call(TemplateRun run, CallArguments arguments) => body(run, arguments);
}
