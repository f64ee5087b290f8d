namespace Lowrank.Language;

/// <summary>Two values and an operator, as a + b.</summary>
sealed class BinaryExpression(
    TemplatePlace place, TemplateExpression left, TemplateExpression right, Func<object, object, object> apply)
    : TemplateExpression(place, left, right)
{
    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope)
    {
        object a = left.Evaluate(run, scope), b = right.Evaluate(run, scope);
        Note(run);
        return apply(a, b);
    }
}
