using System.Runtime.CompilerServices;
using Lowrank.Formats;

namespace Lowrank;

/// <summary>An optimizer's state in a safetensors file.</summary>
public static class OptimizerFile
{
    static readonly ConditionalWeakTable<IOptimizer, HashSet<string>> saved = [];

    /// <summary>Writes the state, whole or not at all.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="path">The file.</param>
    /// <param name="overwrite">Whether what exists there is replaced rather than an error; what this optimizer saved there itself is
    /// replaced in any case.</param>
    /// <exception cref="LowrankException">Something exists there, or the file cannot be written.</exception>
    public static void Save(this IOptimizer optimizer, string path, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var scope = NewDisposeScope();
        string place = Path.GetFullPath(path);
        var own = saved.GetOrCreateValue(optimizer);
        bool isTaken = File.Exists(place) && !own.Contains(place);
        if (isTaken && !overwrite) throw new LowrankException($"{path} exists already: choose another name, or say overwrite: true");
        Safetensors.Save(path, optimizer.StateDict().ToDictionary());
        own.Add(place);
    }

    /// <summary>Puts a state back that <see cref="Save"/> wrote, found by the parameters' names.</summary>
    /// <exception cref="LowrankException">No such file, or a state of another optimizer or of other parameters; both lists are
    /// told.</exception>
    public static void Load(this IOptimizer optimizer, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var scope = NewDisposeScope();
        using var file = Safetensors.Open(path);
        optimizer.LoadStateDict(file.Tensors.ToDictionary(tensor => tensor.Name, tensor => file.Read(tensor.Name)));
    }
}
