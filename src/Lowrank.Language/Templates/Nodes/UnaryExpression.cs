namespace Lowrank.Language;

/// <summary>-a, +a, not a.</summary>
sealed class UnaryExpression(TemplatePlace place, TemplateExpression value, Func<object, object> apply) : TemplateExpression(place, value)
{
    /// <summary>not a.</summary>
    public static UnaryExpression Not(TemplatePlace place, TemplateExpression value) => new(place, value, its => !PythonTypes.IsTrue(its));

    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope)
    {
        object its = value.Evaluate(run, scope);
        Note(run);
        return apply(its);
    }
}
