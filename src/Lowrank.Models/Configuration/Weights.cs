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
            var tensor = ReadFloats(file, stored[own]);
            return reshape is null ? tensor : reshape(own, tensor);
        }
    }

    /// <summary>An uninitialized parameter of a module's own, which no scope frees.</summary>
    public static Parameter Parameter(Storage? storage, params long[] shape)
    {
        var parameter = new Parameter((storage ?? Storage.Default).Empty(shape), requires_grad: false);
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    /// <summary>A stored weight, which is a float.</summary>
    /// <exception cref="LowrankException">It holds whole numbers: those of a quantized weight are no values of it.</exception>
    public static Tensor ReadFloats(ITensorFile file, string name)
    {
        var tensor = file.Read(name);
        if (tensor.is_floating_point()) return tensor;
        var dtype = tensor.dtype;
        tensor.Dispose();
        throw NotFloats(file.Path, name, $"{dtype}");
    }

    /// <summary>What a weight of whole numbers is refused with.</summary>
    public static LowrankException NotFloats(string path, string name, string dtype) => new($"{path}: {name} holds {dtype}, and a weight " +
        "is a float. Is the model quantized in a way that is not read here (int8, four bits)? Take it in float16, bfloat16 or float8.");

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
