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
        foreach (string remark in adapter.Notes) note($"{name}: {remark}");
        foreach (var unused in adapter.PassedOver) note($"{name}, not used: {unused}");
        foreach (var word in adapter.Embeddings)
            note($"the word \"{word.Name}\" in {name} is not used: graphs take words from the folder embeddings.");
        return adapter;
    }
}
