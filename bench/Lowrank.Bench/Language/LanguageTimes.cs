namespace Lowrank.Bench;

/// <summary>What a language model is measured by: a GGUF file as it is, and its values in bfloat16.</summary>
static class LanguageTimes
{
    public static void Run(IReadOnlyList<string> asked, Report report)
    {
        if (asked.Count == 0) throw new LowrankException("language wants a GGUF file of a small model, such as SmolLM2's in Q4_1");
        string folder = Directory.CreateTempSubdirectory("lowrank-bench-language-").FullName;
        try
        {
            string path = asked[0], wide = Path.Combine(folder, "bf16.gguf"), kind;
            using (var file = Gguf.Open(path))
            {
                kind = file.Tensors.Where(one => one.Shape.Length > 1).CountBy(one => one.Dtype.Name).MaxBy(pair => pair.Value).Key;
                GgufQuantizer.Quantize(file, wide, QuantizedFileType.Named("BF16"), new() { AllowsRequantizing = true });
            }
            report.Measure(WritingSpeed.About("bf16"), () => WritingSpeed.Measure(wide, "bf16", Aims.WritingBrain));
            report.Measure(WritingSpeed.About(kind), () => WritingSpeed.Measure(path, kind, Aims.WritingBlocks));
            report.Measure(OpeningSpeed.About, () => OpeningSpeed.Measure(path));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
