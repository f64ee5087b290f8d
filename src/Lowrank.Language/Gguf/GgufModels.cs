namespace Lowrank.Language;

/// <summary>Writes language models as GGUF files, with their tokenizers and templates.</summary>
public static class GgufModels
{
    // What the converter writes itself; other kinds of files are quantised of one of these.
    static readonly string[] plain = ["F32", "F16", "BF16", "Q8_0"];

    /// <summary>Writes a folder's model as a GGUF file: to the byte what llama.cpp's converter writes, and its quantiser of that.</summary>
    /// <param name="folder">config.json, weights, and the tokenizer's files.</param>
    /// <param name="path">The file to be written; whole, or not at all.</param>
    /// <param name="fileType">The kind of file; null for the 16 bits in which the folder has its weights.</param>
    /// <param name="options">Wishes for kinds that are quantised; null for none.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="cancel">Looked at before each tensor; then nothing is written.</param>
    /// <returns>What a GGUF file does not hold of the model, a sentence each.</returns>
    /// <exception cref="LowrankException">What <see cref="GgufOutline.Open"/> refuses, a tokenizer that GGUF files do not hold, or what
    /// <see cref="GgufQuantizer.Quantize"/> refuses.</exception>
    public static IReadOnlyList<string> Write(
        string folder, string path, QuantizedFileType? fileType = null, QuantizationOptions? options = null, bool overwrite = false,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(path);
        using var outline = GgufOutline.Open(folder);
        var kind = fileType ?? outline.Stored;
        bool rounds = BlockFormats.Of(kind.Most) is { IsQuantized: true };
        if (rounds && outline.FewBits is { } bits && options is not { AllowsRequantizing: true })
            throw new LowrankException($"{folder} holds weights that are rounded already ({bits}); rounding them again loses more than " +
                "rounding the model's own. Take the folder of floats, or F16, BF16 or F32, or allow it with `requantize`.");
        if (plain.Contains(kind.Name)) return Convert(folder, outline, path, kind, overwrite, cancel);
        string between = $"{path}.{Guid.NewGuid():n}.tmp";
        try
        {
            var notes = Convert(folder, outline, between, outline.Stored, overwrite: false, cancel);
            using var converted = Gguf.Open(between);
            GgufQuantizer.Quantize(converted, path, kind, options, overwrite, cancel);
            return notes;
        }
        finally
        {
            File.Delete(between);
        }
    }

    static IReadOnlyList<string> Convert(
        string folder, GgufOutline outline, string path, QuantizedFileType kind, bool overwrite, CancellationToken cancel)
    {
        var sources = new TokenizerSources(folder);
        var parts = outline.Parts(kind);
        var tokenizer = TokenizerEntries.Of(sources, outline);
        GgufEntry[] entries =
        [
            new("general.architecture", outline.Architecture), .. parts.First, .. GeneralEntries.Of(sources, parts.Parameters),
            .. parts.Entries, new("general.quantization_version", 2u), .. tokenizer,
        ];
        Gguf.Save(path, entries, parts.Tensors.Select(tensor => tensor.Until(cancel)), overwrite);
        return [.. parts.Notes, .. sources.Notes];
    }
}
