using System.Runtime.CompilerServices;

namespace Lowrank.Language;

/// <summary>What has a value.</summary>
/// <param name="place">Where it stands.</param>
/// <param name="parts">What stands in it; a null is nothing.</param>
abstract class TemplateExpression(TemplatePlace place, params ReadOnlySpan<TemplateExpression?> parts)
{
    // How many expressions are worked out within each other for its value.
    readonly int depth = TemplateLimits.CheckedNesting(Deepest(parts), place.Line, place.Column);

    /// <summary>Where it stands.</summary>
    public TemplatePlace Place => place;

    /// <summary>Its value.</summary>
    public object Evaluate(TemplateRun run, TemplateScope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return Value(run, scope);
    }

    static int Deepest(ReadOnlySpan<TemplateExpression?> parts)
    {
        int deepest = 0;
        foreach (var part in parts)
            if (part is not null) deepest = Math.Max(deepest, part.depth + 1);
        return deepest;
    }

    /// <summary>Its value, worked out.</summary>
    protected abstract object Value(TemplateRun run, TemplateScope scope);

    /// <summary>Whether its value is taken as true.</summary>
    public bool Holds(TemplateRun run, TemplateScope scope) => PythonTypes.IsTrue(Evaluate(run, scope));

    /// <summary>Notes that this is worked on now, for faults.</summary>
    protected void Note(TemplateRun run) => run.At(place.Line, place.Column);
}
