using Lowrank.Adapters;
using Lowrank.Diffusion;
using Lowrank.Models;

namespace Lowrank.Cli;

/// <summary>A call of <c>lowrank generate</c>.</summary>
/// <param name="Model">Folder or file of the base model.</param>
/// <param name="ModelOptions">What it cannot say of itself, and whether keys without a place, of adapters too, are passed over.</param>
/// <param name="Adapters">Adapters, in the order in which they are attached.</param>
/// <param name="Prompts">One or more.</param>
/// <param name="Seeds">Every prompt is drawn with each.</param>
/// <param name="Options">How pictures are made; its prompts and seeds are filled in batch by batch.</param>
/// <param name="Precision">"auto", "bf16" or "f32".</param>
/// <param name="Output">A folder, or a .png file for the only picture or the grid.</param>
/// <param name="Grid">Whether to lay the pictures out in one: prompts down, seeds across.</param>
/// <param name="Overwrite">Whether an existing file may be replaced.</param>
sealed record GenerateRequest(
    string Model,
    CheckpointOptions ModelOptions,
    IReadOnlyList<AdapterArgument> Adapters,
    IReadOnlyList<string> Prompts,
    IReadOnlyList<long> Seeds,
    GenerateOptions Options,
    string Precision,
    string Output,
    bool Grid,
    bool Overwrite)
{
    /// <summary>Number of pictures.</summary>
    public int Count => Prompts.Count * Seeds.Count;

    /// <summary>Whether <see cref="Output"/> names a file.</summary>
    public bool IntoFile => System.IO.Path.GetExtension(Output).Equals(".png", StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds out before the model is loaded whether everything is there and nothing is overwritten unasked.</summary>
    public void Check()
    {
        foreach (var adapter in Adapters)
            if (!File.Exists(adapter.Path) && !PeftFolder.Is(adapter.Path)) throw new LowrankException($"The adapter {adapter.Path} does not exist.");
        if (!IntoFile) return;
        if (Count > 1 && !Grid) throw new UsageException($"{Count} pictures do not fit into {Output}. Give a folder, where they are numbered, or --grid for one picture of all.");
        if (File.Exists(Output) && !Overwrite) throw new LowrankException($"{Output} exists already. Give another name, or --overwrite.");
    }
}
