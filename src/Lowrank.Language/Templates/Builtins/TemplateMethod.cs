namespace Lowrank.Language;

/// <summary>A method of a kind of value.</summary>
/// <typeparam name="T">The kind.</typeparam>
sealed class TemplateMethod<T>
{
    readonly CallSignature signature;
    readonly Func<T, object?[], object> body;

    /// <summary>A method.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parameters">Its parameters, as <see cref="CallSignature"/> reads them.</param>
    /// <param name="body">What it does.</param>
    public TemplateMethod(string name, string parameters, Func<T, object?[], object> body)
    {
        Name = name;
        signature = new(name, parameters);
        this.body = body;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The method of one value.</summary>
    public TemplateFunction Of(T owner) => new(Name, (_, arguments) => body(owner, signature.Bind(arguments)));
}
