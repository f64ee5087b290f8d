namespace Lowrank.Language;

/// <summary>a(b, c=d).</summary>
sealed class CallExpression(TemplatePlace place, TemplateExpression callee, ArgumentList arguments)
    : TemplateExpression(place, [callee, .. arguments.All])
{
    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope) => Invoke(run, scope, null);

    /// <summary>Calls it with a body that the callee may call in turn.</summary>
    public object Invoke(TemplateRun run, TemplateScope scope, object? caller)
    {
        object its = callee.Evaluate(run, scope);
        var given = arguments.Evaluate(run, scope, caller);
        Note(run);
        if (its is Undefined undefined) throw undefined.Fault();
        return its is TemplateCallable callable
            ? callable.Call(run, given)
            : throw new TemplateFault(TemplateFault.Type, $"{PythonRepr.Of(PythonTypes.Name(its))} object is not callable");
    }
}
