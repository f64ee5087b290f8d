using Lowrank.Adapters;
using Lowrank.Formats;
using Lowrank.Models;
using static TorchSharp.torch;

namespace Lowrank.Cli;

/// <summary>Where and how an adapter is written.</summary>
/// <param name="Path">File, or PEFT's folder.</param>
/// <param name="Dialect">The spelling.</param>
/// <param name="Dtype">dtype of the factors; null takes that of what it is made of.</param>
/// <param name="Overwrite">Whether an existing file may be replaced.</param>
sealed record AdapterOutput(string Path, Dialect Dialect, ScalarType? Dtype, bool Overwrite)
{
    /// <summary>Finds out before any work whether it can be written.</summary>
    /// <exception cref="LowrankException">It exists, is a folder where a file is wanted, or is one of the inputs.</exception>
    public void Check(params IEnumerable<string> inputs)
    {
        if (Dialect is PeftDialect)
        {
            if (Overwrite && PeftFolder.IsFolder(Path) && inputs.All(input => System.IO.Path.GetFullPath(input) != System.IO.Path.GetFullPath(Path))) return;
            OutputPlace.CheckFolder(Path, inputs);
            if (System.IO.Path.GetExtension(Path) == ".safetensors") throw new LowrankException($"{Path} is to be a folder, for that is how PEFT keeps adapters. Leave the ending out.");
            return;
        }
        OutputPlace.CheckFile(Path, Overwrite, inputs);
        if (System.IO.Path.GetExtension(Path) != ".safetensors") throw new LowrankException($"{Path} does not end in .safetensors, which is what is written.");
    }

    /// <summary>Writes the adapter.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <param name="model">Its base model.</param>
    /// <param name="dtype">dtype where none was asked for.</param>
    /// <param name="metadata">Metadata; null takes the adapter's.</param>
    public WrittenAdapter Write(Adapter adapter, ModelOutline model, ScalarType dtype, IReadOnlyDictionary<string, string>? metadata = null) =>
        AdapterConversion.Write(Path, adapter, model.Describe(), Dialect, Dtype ?? dtype, metadata);
}
