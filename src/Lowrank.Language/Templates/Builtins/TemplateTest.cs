namespace Lowrank.Language;

/// <summary>A test: what stands behind "is".</summary>
/// <param name="name">Its name.</param>
/// <param name="parameters">Its parameters, as <see cref="CallSignature"/> reads them.</param>
/// <param name="body">Whether it holds.</param>
sealed class TemplateTest(string name, string parameters, Func<object, object?[], bool> body)
{
    readonly CallSignature signature = new("test_" + name, parameters);

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Whether it holds of a value.</summary>
    public bool Holds(TemplateRun run, object value, CallArguments arguments)
    {
        run.CountRound();
        return body(value, signature.Bind(arguments));
    }
}
