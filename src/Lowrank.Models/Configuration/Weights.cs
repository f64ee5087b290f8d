namespace Lowrank.Models;

/// <summary>Fills a model from the weights of its folder.</summary>
static class Weights
{
    /// <summary>Loads every parameter, and fails on missing, left-over or misshapen ones.</summary>
    /// <param name="model">What is filled.</param>
    /// <param name="folder">Folder of the weights.</param>
    /// <param name="name">Name of the weights file without ending.</param>
    /// <param name="published">The model's name of a stored one.</param>
    /// <param name="ignored">Model names that may be left over.</param>
    /// <param name="reshape">Turns a stored tensor into the shape the model has it in.</param>
    public static void Load(nn.Module model, string folder, string name, Func<string, string>? published = null, Func<string, bool>? ignored = null,
        Func<string, Tensor, Tensor>? reshape = null)
    {
        using var file = WeightFiles.Open(folder, name);
        var stored = new Dictionary<string, string>();
        foreach (var tensor in file.Tensors)
            if (!stored.TryAdd(published?.Invoke(tensor.Name) ?? tensor.Name, tensor.Name))
                throw new LowrankException($"{file.Path} holds {tensor.Name} in two spellings. " +
                    "Which one is meant cannot be known: take the publisher's own file.");
        StateDict.Load(model, stored.Keys, own => reshape is null ? file.Read(stored[own]) : reshape(own, file.Read(stored[own])), file.Path, ignored);
    }
}
