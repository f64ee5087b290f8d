namespace Lowrank.Language;

/// <summary>What namespace() gives: attributes that can be set from within loops.</summary>
sealed class PythonNamespace : IHasAttributes
{
    readonly Dictionary<string, object> values = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public object? Attribute(string name) => values.GetValueOrDefault(name);

    /// <summary>Sets an attribute.</summary>
    /// <exception cref="TemplateFault">Its name begins with an underscore.</exception>
    public void Set(string name, object value)
    {
        if (name.StartsWith('_'))
            throw new TemplateFault(TemplateFault.Security, "Chat templates cannot store underscore-prefixed attributes on a namespace, " +
                $"but got {PythonRepr.Of(name)}. Please rename the attribute.");
        values[name] = value;
    }
}
