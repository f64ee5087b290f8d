namespace Lowrank.Language;

/// <summary>a if b else c.</summary>
sealed class ConditionalExpression(
    TemplatePlace place, TemplateExpression condition, TemplateExpression then, TemplateExpression? otherwise)
    : TemplateExpression(place, condition, then, otherwise)
{
    readonly Undefined nothing = Undefined.Because(
        $"the inline if-expression on line {place.Line} evaluated to false and no else section was defined.");

    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope) =>
        condition.Holds(run, scope) ? then.Evaluate(run, scope) : otherwise?.Evaluate(run, scope) ?? nothing;
}
