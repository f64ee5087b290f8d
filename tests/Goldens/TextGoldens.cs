using System.Text.Json;
using Lowrank.Models;
using Lowrank.Testing;
using static TorchSharp.torch;

namespace Goldens;

public class TextGoldens
{
    public static IEnumerable<TheoryDataRow<string>> Cases => Golden.Cases("diffusion/text");

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Text(string name) => Golden.Run("diffusion/text", name, golden =>
    {
        string folder = DiffusionFolder.Of(golden, "model");
        using var model = Encoder(folder, golden);
        var ids = golden.Input("input_ids").to(ScalarType.Int64);
        AssertTokenized(golden, folder, ids);

        var trained = ModelGradients.Want(model, golden);
        var output = model.Run(ids);
        var values = new Dictionary<string, Func<Tensor>>
        {
            ["hidden_states"] = () => stack(output.HiddenStates),
            ["last_hidden_state"] = () => output.LastHiddenState,
            ["pooler_output"] = () => output.Pooled,
            ["text_embeds"] = () => output.TextEmbeds!,
        };
        foreach (string what in golden.ExpectedNames.Where(what => what != "loss" && !what.StartsWith("grad.", StringComparison.Ordinal)))
            if (values.TryGetValue(what, out var value)) golden.AssertClose(value(), golden.Expected(what), what);
            else if (what.StartsWith("clip_skip_", StringComparison.Ordinal) && what.EndsWith("_normed", StringComparison.Ordinal))
                golden.AssertClose(model.FinalNorm(output.HiddenStates[^int.Parse(what.Split('_')[2], null)]), golden.Expected(what), what);
            else throw Golden.NotCovered($"no way to {what}");

        if (!golden.ExpectedNames.Contains("loss")) return;
        var loss = (output.LastHiddenState - golden.Input("target")).square().mean();
        ModelGradients.AssertAfter(loss, trained, golden);
    });

    static ClipTextModel Encoder(string folder, GoldenCase golden)
    {
        var model = ClipTextModel.Load(folder);
        if (golden["eos_token_id"] is not { ValueKind: JsonValueKind.Number } end) return model;
        var other = new ClipTextModel(model.Config with { EndTokenId = end.GetInt32() });
        other.load_state_dict(model.state_dict());
        model.Dispose();
        return other;
    }

    // The ids also are what our tokenizer makes of the texts, where the folder has one beside the encoder.
    static void AssertTokenized(GoldenCase golden, string folder, Tensor ids)
    {
        if (golden["texts"] is not { ValueKind: JsonValueKind.Array } texts) return;
        string tokenizer = Path.Combine(Path.GetDirectoryName(folder)!, Path.GetFileName(folder).Replace("text_encoder", "tokenizer", StringComparison.Ordinal));
        if (!Directory.Exists(tokenizer)) return;
        var clip = ClipTokenizer.Load(tokenizer);
        // The case may be padded to fewer tokens than the tokenizer pads to.
        int length = (int)ids.shape[1], row = 0;
        foreach (string text in texts.EnumerateArray().Select(text => text.GetString()!))
        {
            if (clip.EncodeUnpadded(text).Length <= length) Assert.Equal(clip.Encode(text).Take(length), ids[row].data<long>().ToArray());
            row++;
        }
    }
}
