namespace Lowrank.Graphs;

/// <summary>Reads adapter files for graphs.</summary>
public static class GraphAdapters
{
    /// <summary>The adapter in a file, made for a base.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The base.</param>
    /// <param name="allowUnmatched">Whether what fits no layer is left out and told, rather than an error.</param>
    /// <param name="likeComfyUi">Whether it acts as in ComfyUI, faults included, see <see cref="Adapters.StrengthRule.ComfyUi"/>.</param>
    /// <param name="note">Told what a user should know: what its reader noted, and what of it is not used.</param>
    /// <exception cref="LowrankException">It does not fit the base.</exception>
    public static Adapter Read(string path, StableDiffusion model, bool allowUnmatched, bool likeComfyUi, Action<string> note)
    {
        var adapter = AdapterFile.Read(path, model.Describe(), allowUnmatched);
        if (likeComfyUi)
            foreach (var made in adapter.Targets.Values) made.StrengthRule = Adapters.StrengthRule.ComfyUi;
        string name = Path.GetFileName(path);
        if (!likeComfyUi)
            foreach (string apart in OtherThanComfyUi(adapter)) note($"{name}: {apart}");
        foreach (string remark in adapter.Notes) note($"{name}: {remark}");
        foreach (var unused in adapter.PassedOver) note($"{name}, not used: {unused}");
        foreach (var word in adapter.Embeddings)
            note($"the word \"{word.Name}\" in {name} is not used: graphs take words from the folder embeddings.");
        return adapter;
    }

    // What --compat comfyui would change.
    static IEnumerable<string> OtherThanComfyUi(Adapter adapter)
    {
        int rotated = Holding("oft_blocks"), normed = Holding("magnitude");
        if (rotated > 0)
            yield return $"{rotated} layers of OFT have their strength once; ComfyUI counts it twice, so that 0.7 acts as 0.49.";
        if (normed > 0)
            yield return $"{normed} layers of DoRA divide by the norm of what is adapted; along outputs ComfyUI takes the base's.";

        int Holding(string part) => adapter.Targets.Values.Count(made => made.Parts.Any(one => one.Part == part));
    }
}
