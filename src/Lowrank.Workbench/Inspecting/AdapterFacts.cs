namespace Lowrank.Workbench;

/// <summary>What a file holds as an adapter.</summary>
/// <param name="Dialect">How its keys are spelled.</param>
/// <param name="MadeFor">Family of base models that its names and widths point to.</param>
/// <param name="Methods">Layers by method.</param>
/// <param name="Ranks">Layers by rank, most first.</param>
/// <param name="Alphas">Layers by alpha, most first; those without are counted under "none", which means alpha = rank.</param>
/// <param name="Parts">Layers by the part of the model that their names begin with.</param>
/// <param name="Layers">Every adapted layer.</param>
/// <param name="Unplaced">Keys that follow no pattern of the dialect.</param>
/// <param name="OtherMethods">Methods that those keys tell of.</param>
/// <param name="Words">Words that it brings, which prompts call by name.</param>
/// <param name="Training">What its metadata tell of its training.</param>
/// <param name="Health">What is wrong or odd, one sentence each.</param>
/// <param name="Norm">Frobenius norm of all measured changes together; null where none was measured.</param>
/// <param name="Blocks">Layers by block of the model, with the norm of their changes.</param>
public sealed record AdapterFacts(
    string? Dialect,
    string? MadeFor,
    IReadOnlyDictionary<string, int> Methods,
    IReadOnlyDictionary<string, int> Ranks,
    IReadOnlyDictionary<string, int> Alphas,
    IReadOnlyDictionary<string, int> Parts,
    IReadOnlyList<AdapterModule> Layers,
    IReadOnlyList<string> Unplaced,
    IReadOnlyList<string> OtherMethods,
    IReadOnlyList<string> Words,
    TrainingFacts? Training,
    IReadOnlyList<string> Health,
    double? Norm,
    IReadOnlyList<BlockFacts> Blocks)
{
    /// <summary>The facts of a report.</summary>
    internal static AdapterFacts Of(AdapterReport report, IReadOnlyList<string> health) => new(
        report.Dialect,
        report.Family,
        report.Modules.CountMostFirst(m => m.HasDora ? $"{m.Method} with DoRA" : m.Method),
        report.Modules.CountMostFirst(m => Quantity.Number(m.Rank)),
        report.Modules.CountMostFirst(m => m.Alpha is { } alpha ? Quantity.Number(alpha) : "none"),
        report.Modules.CountMostFirst(m => PartOf(m.Name)),
        report.Modules,
        report.Unplaced,
        report.OtherMethods,
        report.Embeddings,
        TrainingFacts.Of(report.Metadata),
        health,
        BlockFacts.NormOf(report.Modules),
        BlockFacts.Of(report.Modules))
    {
        PassedOver = report.PassedOver, Prompt = report.Prompt, Architecture = report.Architecture,
    };

    /// <summary>The virtual tokens that it puts before every row; null where it has none.</summary>
    public InspectedPrompt? Prompt { get; init; }

    /// <summary>What llama.cpp calls the base's family, as a GGUF file's metadata tell it; null elsewhere.</summary>
    public string? Architecture { get; init; }

    /// <summary>What readers pass over, with the reasons.</summary>
    public IReadOnlyList<PassedOver> PassedOver { get; init; } = [];

    // "lora_unet_down_blocks_0..." and "unet.down_blocks.0..." both belong to the unet.
    // PEFT's names have the component only where there are several.
    static string PartOf(string name)
    {
        const string Peft = "base_model.model.";
        if (name.StartsWith("lora_", StringComparison.Ordinal)) return name.Split('_', 3)[1];
        if (name.StartsWith("lycoris_", StringComparison.Ordinal)) return "model";
        bool peft = name.StartsWith(Peft, StringComparison.Ordinal);
        string first = (peft ? name[Peft.Length..] : name).Split(['.', ':'], 2)[0];
        // diffusers' UNet was once saved without its name.
        if (first is "down_blocks" or "mid_block" or "up_blocks") return "unet";
        return !peft || first is "unet" or "text_encoder" or "text_encoder_2" ? first : "model";
    }
}
