namespace Lowrank.Diffusion;

/// <summary>How prompts are written: what they say on the way or side by side, and how a text becomes what the network is told.</summary>
/// <param name="Name">What a user types, and pictures' texts tell.</param>
/// <param name="Syntax">How prompts say several things.</param>
/// <param name="Encoding">How a text is encoded; by the most tokens that are read of plain ones.</param>
public sealed record PromptWay(string Name, PromptSyntax Syntax, Func<int, PromptEncoding> Encoding)
{
    /// <summary>Without signs, as in diffusers.</summary>
    public static PromptWay Plain { get; } = new(PlainEncoding.Name, PromptSyntax.Plain, tokens => new PlainEncoding(tokens));

    /// <summary>AUTOMATIC1111's.</summary>
    public static PromptWay WebUi { get; } = new(WebUiEncoding.Name, PromptSyntax.WebUi, _ => PromptEncoding.WebUi);

    /// <summary>ComfyUI's.</summary>
    public static PromptWay Comfy { get; } = new(ComfyEncoding.Name, PromptSyntax.Plain, _ => PromptEncoding.Comfy);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PromptWay> All { get; } = [Plain, WebUi, Comfy];

    /// <summary>The one of that name; null where there is none.</summary>
    public static PromptWay? Find(string name) => All.FirstOrDefault(way => way.Name == name);

    /// <summary>The one that an encoding is of, whatever its settings; null for one of the caller's own.</summary>
    public static PromptWay? Of(PromptEncoding encoding) =>
        All.FirstOrDefault(way => way.Encoding(PlainEncoding.UsualMaxTokens).GetType() == encoding.GetType());
}
