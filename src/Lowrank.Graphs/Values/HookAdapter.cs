namespace Lowrank.Graphs;

/// <summary>An adapter file of a hook, which is read for each base that it acts on when it is first asked for.</summary>
/// <param name="path">The file.</param>
/// <param name="allowUnmatched">Whether what fits no layer is left out and told, rather than an error.</param>
/// <param name="likeComfyUi">Whether it acts as in ComfyUI, faults included, see <see cref="Adapters.StrengthRule.ComfyUi"/>.</param>
public sealed class HookAdapter(string path, bool allowUnmatched, bool likeComfyUi) : IDisposable
{
    readonly Dictionary<StableDiffusion, Adapter> read = [];

    /// <summary>Reads the file for a base, unless it was.</summary>
    /// <param name="model">The base.</param>
    /// <param name="note">Told what of the file is not used.</param>
    /// <exception cref="LowrankException">It does not fit the base.</exception>
    public void Prepare(StableDiffusion model, Action<string> note)
    {
        if (!read.ContainsKey(model)) read[model] = GraphAdapters.Read(path, model, allowUnmatched, likeComfyUi, note);
    }

    /// <summary>What it does to a side of a base.</summary>
    public AdapterChange Change(StableDiffusion model, ModelSide side, double strength)
    {
        Prepare(model, _ => { });
        return new(read[model], side, strength);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var adapter in read.Values) adapter.Dispose();
        read.Clear();
    }
}
