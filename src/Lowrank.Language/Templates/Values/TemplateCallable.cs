namespace Lowrank.Language;

/// <summary>A value that can be called.</summary>
abstract class TemplateCallable
{
    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>Calls it.</summary>
    public abstract object Call(TemplateRun run, CallArguments arguments);
}
