namespace Lowrank.Language;

/// <summary>a[b:c:d].</summary>
sealed class SliceOf(
    TemplatePlace place, TemplateExpression owner, TemplateExpression? from, TemplateExpression? to, TemplateExpression? by)
    : TemplateExpression(place, owner, from, to, by)
{
    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope)
    {
        object its = owner.Evaluate(run, scope);
        object start = Bound(from, run, scope), stop = Bound(to, run, scope), step = Bound(by, run, scope);
        Note(run);
        if (its is Undefined undefined) throw undefined.Fault();
        return PythonSlices.Slice(its, start, stop, step) ?? new Undefined(null, its, (MarkedText)"slice");
    }

    static object Bound(TemplateExpression? bound, TemplateRun run, TemplateScope scope) => bound?.Evaluate(run, scope) ?? PythonNone.Value;
}
