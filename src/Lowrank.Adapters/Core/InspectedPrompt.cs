namespace Lowrank.Adapters;

/// <summary>The virtual tokens of an adapter's file, as its header and its configuration tell them.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Tokens">How many stand before a row.</param>
/// <param name="Width">Numbers of one: a vector's width; of a prefix the keys and values of all layers together.</param>
/// <param name="Layers">How many layers a prefix is for; null of others, and where it is not told.</param>
public sealed record InspectedPrompt(PromptKind Kind, long Tokens, long Width, int? Layers)
{
    /// <summary>Numbers of a key, and of a value, of one token in one layer; null where the layers are not told, or do not divide
    /// them.</summary>
    public long? KeyWidth => Layers is > 0 and var layers && Width % (2L * layers) == 0 ? Width / (2L * layers) : null;

    /// <summary>"4 virtual tokens of width 32"; "a prefix of 4 virtual tokens: keys and values of width 16 in 2 layers".</summary>
    public override string ToString()
    {
        string tokens = $"{PlainValue.Text(Tokens)} virtual tokens";
        if (Kind != PromptKind.Prefix) return $"{tokens} of width {PlainValue.Text(Width)}";
        return KeyWidth is { } width
            ? $"a prefix of {tokens}: keys and values of width {PlainValue.Text(width)} in {Layers} layers"
            : $"a prefix of {tokens} of {PlainValue.Text(Width)} numbers each";
    }
}
