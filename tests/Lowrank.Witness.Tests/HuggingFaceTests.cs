using CsCheck;
using Lowrank.Testing;
using HuggingFace = Tokenizers.DotNet.Tokenizer;

namespace Lowrank.Witness.Tests;

/// <summary>Hugging Face's own tokenizers, by Tokenizers.DotNet, say the same ids and texts.</summary>
public class HuggingFaceTests
{
    public static IEnumerable<TheoryDataRow<string>> Folders => Directory
        .EnumerateFiles(Path.Combine(GoldenFolder.Root, "language"), "tokenizer.json", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(GoldenFolder.Root, Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal)
        .Select(folder => new TheoryDataRow<string>(folder));

    [Theory, MemberData(nameof(Folders))]
    public void EveryTextHasTheSameIdsAndComesBackTheSame(string folder)
    {
        string path = Path.Combine(GoldenFolder.Root, folder, "tokenizer.json");
        var ours = Language.Tokenizers.Load(path).Tokenizer;
        var theirs = new HuggingFace(vocabPath: path);
        WitnessTexts.All.Sample(text =>
        {
            int[] expected = [.. theirs.Encode(text).Select(id => (int)id)];
            var ids = ours.Encode(text).Ids;
            string shown = WitnessTexts.Shown(text);
            Assert.True(expected.AsSpan().SequenceEqual([.. ids]), $"\"{shown}\" became [{string.Join(" ", ids)}], theirs is [{string.Join(" ", expected)}]");
            Assert.Equal(theirs.Decode([.. expected.Select(id => (uint)id)]), ours.Decode(ids));
        }, iter: 1500, threads: 1);
    }
}
