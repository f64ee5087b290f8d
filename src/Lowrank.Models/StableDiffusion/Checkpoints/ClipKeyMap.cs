namespace Lowrank.Models;

/// <summary>The names of a CLIP text encoder's tensors in checkpoints.</summary>
static class ClipKeyMap
{
    const string Layer = "text_model.encoder.layers.{}.", Block = "transformer.resblocks.{}.";
    const string Tokens = "text_model.embeddings.token_embedding.weight", Positions = "text_model.embeddings.position_embedding.weight";

    static readonly (string Own, string Open)[] modules =
    [
        (Layer + "layer_norm1", Block + "ln_1"),
        (Layer + "layer_norm2", Block + "ln_2"),
        (Layer + "mlp.fc1", Block + "mlp.c_fc"),
        (Layer + "mlp.fc2", Block + "mlp.c_proj"),
        (Layer + "self_attn.out_proj", Block + "attn.out_proj"),
        ("text_model.final_layer_norm", "ln_final"),
    ];

    static readonly (string Own, Folding Folding)[] joined =
        [("q_proj", Folding.FirstRows), ("k_proj", Folding.SecondRows), ("v_proj", Folding.ThirdRows)];

    internal static CheckpointNames Names(ClipSpelling spelling, string prefix) => spelling switch
    {
        ClipSpelling.OpenClip => new(prefix, [.. OpenMaps()]),
        ClipSpelling.WithoutPrefix => new(prefix, (Folding.Same, new KeyMap([.. OwnNames().Select(own => (own, Bare(own)))]))),
        _ => new(prefix, (Folding.Same, new KeyMap([.. OwnNames().Select(own => (own, own))]))),
    };

    static IEnumerable<(Folding, KeyMap)> OpenMaps()
    {
        IReadOnlyList<(string, string)> tables = [(Tokens, "token_embedding.weight"), (Positions, "positional_embedding")];
        yield return (Folding.Same, new KeyMap([.. tables, .. CheckpointNames.WithParameters(modules).Pairs]));
        yield return (Folding.Transposed, new KeyMap(("text_projection.weight", "text_projection")));
        foreach (var (own, folding) in joined)
            yield return (folding, new KeyMap(
                (Layer + $"self_attn.{own}.weight", Block + "attn.in_proj_weight"),
                (Layer + $"self_attn.{own}.bias", Block + "attn.in_proj_bias")));
    }

    static string Bare(string own) => own.Replace("text_model.", "", StringComparison.Ordinal);

    static IEnumerable<string> OwnNames()
    {
        string[] inLayers = [.. modules.Select(pair => pair.Own), .. joined.Select(part => Layer + "self_attn." + part.Own)];
        return [Tokens, Positions, "text_projection.weight", .. inLayers.SelectMany(own => new[] { own + ".weight", own + ".bias" })];
    }
}
