namespace Lowrank.Bench;

/// <summary>How a method learns the ink drawings: settings chosen by hand until the style was there and the content still was.</summary>
/// <param name="Title">Its name above the pictures.</param>
/// <param name="Method">The recipe's method.</param>
/// <param name="LearningRate">Learning rate.</param>
/// <param name="Arguments">Arguments of the method.</param>
/// <param name="ConvRank">Rank of convolutions; 0 leaves them alone.</param>
/// <param name="Preset">Which layers.</param>
sealed record InkMethod(
    string Title, string Method, double LearningRate, IReadOnlyList<string>? Arguments = null, int ConvRank = 0, string Preset = "kohya")
{
    public static IReadOnlyList<InkMethod> All { get; } =
    [
        new("LoRA", "lora", 1.5e-3),
        new("LoCon", "locon", 1e-3, ConvRank: 8),
        new("LoHa", "loha", 2e-3),
        new("LoKr factor 4", "lokr", 2e-3, ["factor=4"]),
        new("LoKr factor 16", "lokr", 3e-3, ["factor=16"]),
        new("DoRA", "dora", 1.5e-3),
        new("(IA)³", "ia3", 2e-2, Preset: "attn-mlp"),
        new("OFT", "diag-oft", 3e-3),
        new("BOFT", "boft", 2e-3),
        new("GLoRA", "glora", 1e-3),
        new("DyLoRA", "dylora", 2e-3),
        new("full", "full", 1e-4),
    ];

    public string FileName => string.Concat(Title.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
}
