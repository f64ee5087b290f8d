namespace Lowrank.Language;

/// <summary>A filter: what stands behind |.</summary>
/// <param name="name">Its name.</param>
/// <param name="body">What it makes of a value.</param>
sealed class TemplateFilter(string name, Func<TemplateRun, object, CallArguments, object> body)
{
    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>A filter with a fixed list of parameters, as <see cref="CallSignature"/> reads them.</summary>
    public static TemplateFilter Of(string name, string parameters, Func<object, object?[], object> body)
    {
        var signature = new CallSignature("do_" + name, parameters);
        return new(name, (_, value, arguments) => body(value, signature.Bind(arguments)));
    }

    /// <summary>Applies it.</summary>
    public object Apply(TemplateRun run, object value, CallArguments arguments) => body(run, value, arguments);
}
