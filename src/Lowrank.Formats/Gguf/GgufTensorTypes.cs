namespace Lowrank.Formats;

/// <summary>The types of tensors in GGUF files, by their numbers there.</summary>
public static class GgufTensorTypes
{
    const string Ways = "convert the file with llama.cpp's llama-quantize first, to Q4_K_M for one";

    static readonly Dictionary<uint, TensorDtype> known = new(
        BlockFormats.All.Select(format => KeyValuePair.Create((uint)format.Id, format.Dtype)))
    {
        [0] = TensorDtype.F32, [24] = TensorDtype.I8, [25] = TensorDtype.I16, [26] = TensorDtype.I32, [27] = TensorDtype.I64,
        [28] = TensorDtype.F64,
        // Known are their sizes, so that files that have them can be listed and their other tensors read.
        [9] = Unread("Q8_1", 32, 36), [15] = Unread("Q8_K", 256, 292), [16] = Unread("IQ2_XXS", 256, 66), [17] = Unread("IQ2_XS", 256, 74),
        [18] = Unread("IQ3_XXS", 256, 98), [19] = Unread("IQ1_S", 256, 50), [21] = Unread("IQ3_S", 256, 110),
        [22] = Unread("IQ2_S", 256, 82),
        [29] = Unread("IQ1_M", 256, 56), [40] = Unread("NVFP4", 64, 36),
    };

    // Their layouts were taken out of llama.cpp, and their numbers never given again.
    static readonly Dictionary<uint, string> gone = new()
    {
        [4] = "Q4_2", [5] = "Q4_3", [31] = "Q4_0_4_4", [32] = "Q4_0_4_8", [33] = "Q4_0_8_8", [36] = "IQ4_NL_4_4", [37] = "IQ4_NL_4_8",
        [38] = "IQ4_NL_8_8",
    };

    static readonly Dictionary<TensorDtype, uint> numbers = known.ToDictionary(pair => pair.Value, pair => pair.Key);

    static TensorDtype Unread(string name, int elements, int bytes) => new(name, new(elements, bytes), (_, _) =>
        throw new LowrankException($"tensors of type {name} are not read: its {bytes} bytes for {elements} elements are known, " +
            $"not how to tell them; {Ways}."));

    /// <summary>The type of that number; null for others.</summary>
    public static TensorDtype? Of(uint number) => known.GetValueOrDefault(number);

    /// <summary>The number of a type.</summary>
    /// <exception cref="LowrankException">GGUF files have no such type.</exception>
    public static uint NumberOf(TensorDtype dtype) => numbers.TryGetValue(dtype, out uint number) ? number
        : throw new LowrankException($"a GGUF file holds no {dtype}; it holds {string.Join(", ", known.Values)}. Cast it first.");

    /// <summary>What is known of a number that is no type: the end of a sentence.</summary>
    internal static string WhatIs(uint number)
    {
        if (gone.TryGetValue(number, out var name)) return $"{number} ({name}), which llama.cpp gave up; {Ways}";
        var listed = known.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}");
        return $"{number}, which is unknown here; known are {string.Join(", ", listed)}";
    }
}
