namespace Lowrank.Language;

/// <summary>a and b, a or b: the value that decides.</summary>
sealed class EitherExpression(
    TemplatePlace place, TemplateExpression left, TemplateExpression right, bool stopsAt) : TemplateExpression(place, left, right)
{
    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope)
    {
        object first = left.Evaluate(run, scope);
        return PythonTypes.IsTrue(first) == stopsAt ? first : right.Evaluate(run, scope);
    }
}
