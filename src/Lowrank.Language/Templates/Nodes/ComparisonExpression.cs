namespace Lowrank.Language;

/// <summary>a &lt; b &lt;= c: every step must hold.</summary>
sealed class ComparisonExpression(
    TemplatePlace place, TemplateExpression first, IReadOnlyList<(Func<object, object, bool> Holds, TemplateExpression Value)> steps)
    : TemplateExpression(place, [first, .. steps.Select(step => step.Value)])
{
    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope)
    {
        object left = first.Evaluate(run, scope);
        foreach (var (holds, value) in steps)
        {
            object right = value.Evaluate(run, scope);
            Note(run);
            if (!holds(left, right)) return false;
            left = right;
        }
        return true;
    }
}
