using Lowrank.Formats;

namespace Lowrank;

/// <summary>An optimizer's state in a safetensors file.</summary>
public static class OptimizerFile
{
    /// <summary>Writes the state, whole or not at all.</summary>
    /// <exception cref="LowrankException">The file cannot be written.</exception>
    public static void Save(this IOptimizer optimizer, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var scope = NewDisposeScope();
        Safetensors.Save(path, optimizer.StateDict().ToDictionary());
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
