using Lowrank.Language;
using Lowrank.Models;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>all-MiniLM-L6-v2, a real encoder of sentences.</summary>
public class MiniLmTests
{
    // The sentences and the cosines of the model's own documentation, which shows three digits.
    static readonly string[] sentences = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."];
    const double Shown = 0.0005;

    [Fact]
    public void TheSentencesOfItsCardAreAsNearAsItsCardSays()
    {
        string folder = RealModels.Need("minilm-l6");
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var model = SentenceModel.Load(folder, new Lowrank.Torch.Layers.Storage(ScalarType.Float32));
        var tokenizer = Tokenizers.Load(folder).Tokenizer;
        int pad = tokenizer.Id("[PAD]")!.Value;
        var rows = tokenizer.EncodeBatch([.. sentences.Select(text => (text, (string?)null))], padding: new Lowrank.Language.Padding(pad));
        var input = new LanguageInput(Column(rows, row => row.Ids)) { Mask = Column(rows, row => row.Mask) };
        var vectors = nn.functional.normalize(model.Embed(input), 2, 1, 1e-12);
        var cosines = vectors.matmul(vectors.transpose(0, 1));
        Assert.Equal(0.666, cosines[0, 1].ToDouble(), Shown);
        Assert.Equal(0.105, cosines[0, 2].ToDouble(), Shown);
        Assert.Equal(0.141, cosines[1, 2].ToDouble(), Shown);
    }

    static Tensor Column(IReadOnlyList<TokenizedText> rows, Func<TokenizedText, IReadOnlyList<int>> column)
    {
        long[] values = [.. rows.SelectMany(row => column(row).Select(value => (long)value))];
        return tensor(values, device: CPU).view(rows.Count, -1);
    }
}
