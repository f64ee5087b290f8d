namespace Lowrank.Models;

/// <summary>Fills a model from its weights.</summary>
static class Weights
{
    /// <summary>Loads every parameter, and fails on missing, left-over or misshapen ones.</summary>
    /// <param name="model">What is filled.</param>
    /// <param name="file">The weights.</param>
    /// <param name="published">The model's name of a stored one.</param>
    /// <param name="ignored">Model names that may be left over.</param>
    /// <param name="reshape">Turns a stored tensor into the shape the model has it in.</param>
    public static void Load(nn.Module model, ITensorFile file, Func<string, string>? published = null, Func<string, bool>? ignored = null,
        Func<string, Tensor, Tensor>? reshape = null)
    {
        var stored = Named(file, published);
        StateDict.Load(model, stored.Keys, Read, file.Path, ignored);

        Tensor Read(string own)
        {
            var tensor = file.Read(stored[own]);
            return reshape is null ? tensor : reshape(own, tensor);
        }
    }

    /// <summary>Stored names by the model's.</summary>
    /// <exception cref="LowrankException">Two stored names mean the same.</exception>
    public static Dictionary<string, string> Named(ITensorFile file, Func<string, string>? published)
    {
        var stored = new Dictionary<string, string>();
        foreach (var tensor in file.Tensors)
            if (!stored.TryAdd(published?.Invoke(tensor.Name) ?? tensor.Name, tensor.Name))
                throw new LowrankException($"{file.Path} holds {tensor.Name} in two spellings. " +
                    "Which one is meant cannot be known: take the publisher's own file.");
        return stored;
    }
}
