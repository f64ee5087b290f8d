using System.Text.RegularExpressions;

namespace Lowrank.Adapters;

/// <summary>A word that chooses layers.</summary>
/// <remarks>
/// <c>class:Transformer2DModel</c> chooses what lies in a module of that class; <c>kind:conv2d</c> what is such a layer, <c>kind:lstm</c>
/// each weight of such a module; <c>/.*attn[12].*/</c> what a regular expression fits as a whole; <c>*.attn2.*</c> (with * or ?) what a
/// glob fits as a whole, <c>*</c> standing for any text; any other word, <c>to_q</c> or <c>mid_block.attentions</c>, what has these names
/// in a row in its path.
/// Paths may be given with the component in front (<c>unet.mid_block...</c>) or without.
/// </remarks>
public sealed class TargetPattern
{
    readonly Func<TargetPlace, bool> chooses;

    TargetPattern(string text, Func<TargetPlace, bool> chooses) => (Text, this.chooses) = (text, chooses);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Whether it chooses a layer.</summary>
    public bool Chooses(TargetPlace place) => chooses(place);

    /// <summary>
    /// Whether it calls the layer by its name, so that layers are meant which are not adapted otherwise: embeddings and norms.
    /// </summary>
    public bool Names(TargetPlace place)
    {
        if (Text.StartsWith(Kind, StringComparison.Ordinal)) return true;
        bool isPath = !Text.Contains('*') && !IsExpression;
        return isPath && place.Path.Split('.')[^1] == Text.Split('.')[^1];
    }

    const string Class = "class:", Kind = "kind:";

    bool IsExpression => Text is ['/', .., '/'];

    /// <summary>The pattern of a text.</summary>
    /// <exception cref="LowrankException">Empty, or no regular expression.</exception>
    public static TargetPattern Parse(string text)
    {
        if (text.Length == 0) throw new LowrankException("an empty pattern chooses no layer");
        if (text.StartsWith(Class, StringComparison.Ordinal)) return new(text, place => place.Classes.Contains(text[Class.Length..]));
        if (text.StartsWith(Kind, StringComparison.Ordinal)) return OfKind(text);
        if (text is ['/', .. var expression, '/']) return Whole(text, expression);
        if (text.Contains('*') || text.Contains('?')) return Whole(text, Expression(text));
        string inner = $".{text}.";
        return new(text, place => Paths(place).Any(path => $".{path}.".Contains(inner, StringComparison.Ordinal)));
    }

    // A layer that the model has in two places is meant by either path.
    static IEnumerable<string> Paths(TargetPlace place) =>
        place.OtherPaths.SelectMany(other => new[] { other, $"{place.Component}.{other}" }).Prepend(place.Target.Path);

    /// <summary>Whether it chooses something that cannot be adapted, by its path or its kind (<c>kind:lstm</c>).</summary>
    public bool Chooses(UnadaptableLayer layer)
    {
        if (Text.StartsWith(Kind, StringComparison.Ordinal))
            return string.Equals(layer.Kind, Text[Kind.Length..], StringComparison.OrdinalIgnoreCase);
        string component = layer.Path.Split('.')[0];
        bool isWhole = component.Length == layer.Path.Length;   // the model itself is such a layer
        var target = new Target(isWhole ? layer.Path + "." : layer.Path, LayerKind.Linear, [1, 1]);
        return chooses(new TargetPlace(component, ComponentRole.Network, target, [], null));
    }

    static TargetPattern OfKind(string text)
    {
        string name = text[Kind.Length..];
        if (SealedWeight.Classes.Contains(name, StringComparer.OrdinalIgnoreCase))
            return new(text, place => string.Equals(place.Target.Within, name, StringComparison.OrdinalIgnoreCase));
        if (Enum.TryParse<LayerKind>(name, ignoreCase: true, out var kind))
            return new(text, place => place.Target.Kind == kind && place.Target.Within is null);
        if (UnadaptableLayer.Kinds.Contains(name, StringComparer.OrdinalIgnoreCase)) return new(text, _ => false);
        string kinds = string.Join(", ", Enum.GetNames<LayerKind>().Concat(SealedWeight.Classes)).ToLowerInvariant();
        throw new LowrankException($"\"{text}\" is no kind of layer; there are {kinds}");
    }

    // The regular expression of a glob.
    static string Expression(string glob) =>
        Regex.Escape(glob).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal);

    static TargetPattern Whole(string text, string expression)
    {
        try
        {
            _ = new Regex(expression, RegexOptions.CultureInvariant);   // its fault is told in the words that were given
            var regex = new Regex($@"\A(?:{expression})\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return new(text, place => Fits(place.Path) || Paths(place).Any(Fits));

            bool Fits(string path)
            {
                try
                {
                    return regex.IsMatch(path);
                }
                catch (RegexMatchTimeoutException error)
                {
                    throw new LowrankException(
                        $"\"{text}\" takes too long to match {path}: it repeats what is itself repeated, as (a+)+ does. Write it simpler",
                        error);
                }
            }
        }
        catch (ArgumentException error)
        {
            throw new LowrankException($"\"{text}\" is no regular expression: {error.Message}", error);
        }
    }

    /// <summary>Names and classes of a model that look like the pattern's: for errors.</summary>
    public IReadOnlyList<string> Nearest(IEnumerable<TargetPlace> places)
    {
        if (Text.StartsWith(Class, StringComparison.Ordinal))
            return [.. NearestNames.To(Text[Class.Length..], places.SelectMany(p => p.Classes).Distinct()).Select(name => Class + name)];
        if (Text.StartsWith(Kind, StringComparison.Ordinal))
            return [.. places.Select(place => Kind + (place.Target.Within ?? place.Target.Kind.ToString()).ToLowerInvariant()).Distinct()];
        return NearestNames.To(Text.Trim('*', '/', '.'), places.SelectMany(p => Parts(p.Path)).Distinct());
    }

    // The names in a path, and the last two together.
    static string[] Parts(string path)
    {
        var names = path.Split('.');
        return names.Length > 1 ? [.. names, $"{names[^2]}.{names[^1]}"] : names;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
