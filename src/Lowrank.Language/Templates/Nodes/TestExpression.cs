namespace Lowrank.Language;

/// <summary>a is test(b).</summary>
/// <param name="place">Where it stands.</param>
/// <param name="value">What is tested.</param>
/// <param name="name">The test's name.</param>
/// <param name="test">The test; null if there is none of that name.</param>
/// <param name="arguments">Its arguments.</param>
sealed class TestExpression(
    TemplatePlace place, TemplateExpression value, string name, TemplateTest? test, ArgumentList arguments)
    : TemplateExpression(place, [value, .. arguments.All])
{
    /// <inheritdoc/>
    protected override object Value(TemplateRun run, TemplateScope scope)
    {
        object its = value.Evaluate(run, scope);
        var given = arguments.Evaluate(run, scope);
        Note(run);
        if (test is null) throw new TemplateFault(TemplateFault.Runtime, $"No test named {PythonRepr.Of(name)} found.");
        return test.Holds(run, its, given);
    }
}
