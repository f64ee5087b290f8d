using Lowrank.Models;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>What is asked of models of sentences.</summary>
static class LanguageSentenceChecks
{
    static readonly (string Name, SentencePooling Pooling)[] poolings =
    [
        ("cls", SentencePooling.First), ("max", SentencePooling.Max), ("mean", SentencePooling.Mean),
        ("mean_sqrt_len", SentencePooling.MeanOfRoot),
    ];

    public static void Check(LanguageCase language)
    {
        using var grad = no_grad();
        var input = LanguageEncoderChecks.Input(language);
        // A file may have been saved with another head than the body's.
        string bodyClass = LanguageArchitectures.Named(language.Json.GetProperty("model_type").GetString()!).Classes[0];
        using (var body = language.Load<BodyModel>(bodyClass))
        {
            var hidden = body.Run(input).Hidden;
            language.AssertClose(hidden, "last_hidden_state", "hidden_abs", input.Mask);
            language.AssertClose(body.Pooled(hidden), "pooler_output", "atol");
            foreach (var (name, pooling) in poolings)
                language.AssertClose(SentenceModel.Pooled(pooling, hidden, input.Mask), name, "atol");
        }
        if (!File.Exists(Path.Combine(language.Folder, "modules.json"))) return;
        using var model = SentenceModel.Load(language.Folder, new Lowrank.Torch.Layers.Storage(ScalarType.Float32));
        var vectors = model.Embed(input);
        language.AssertClose(vectors, "embedding", "atol");
        language.AssertClose(vectors.matmul(vectors.transpose(0, 1)), "cosines", "atol");
    }
}
