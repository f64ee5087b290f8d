namespace Lowrank.Language;

/// <summary>A value that is written out.</summary>
sealed class ConstantExpression(TemplatePlace place, object value) : TemplateExpression(place)
{
    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope) => value;
}
