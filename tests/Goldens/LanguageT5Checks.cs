using Lowrank.Models;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>What is asked of a model that answers rows with rows.</summary>
static class LanguageT5Checks
{
    public static void Check(LanguageCase language)
    {
        using var model = language.Load<SequenceToSequenceModel>();
        string[] sides = language.Has("right.input_ids") ? ["right.", "left."] : [""];
        using (no_grad())
        {
            foreach (string side in sides) Whole(model, language, side);
            Buckets(model, language);
            Generated(model, language, sides[0]);
            if (language.Has("decode.prefill_logits")) Decoded(model, language);
        }
        if (language.Facts.TryGetProperty("grad_norms", out _))
            LanguageGradients.Check(model, language, () => Loss(model, language, sides[0]));
    }

    static LanguageInput Rows(LanguageCase language, string side) => new(language.Read($"{side}input_ids"))
    {
        Mask = language.Read($"{side}attention_mask"),
    };

    static void Whole(SequenceToSequenceModel model, LanguageCase language, string side)
    {
        var rows = Rows(language, side);
        var labels = language.Read("labels");
        using var memory = model.Encode(rows);
        var ids = model.DecoderIds(labels);
        if (language.Has("decoder_input_ids")) language.AssertSame(ids, "decoder_input_ids");
        var output = model.Decode(new(ids) { KeepsLayers = true }, memory);
        string states = language.Has("encoder_last_hidden") ? "encoder_last_hidden" : $"{side}encoder_last_hidden";
        if (language.Has(states)) language.AssertClose(memory.Hidden, states, "hidden_abs", rows.Mask);
        for (int layer = 0; layer + 1 < output.Layers.Count; layer++)
            if (language.Has($"{side}decoder_hidden.layer{layer}"))
                language.AssertClose(output.Layers[layer + 1], $"{side}decoder_hidden.layer{layer}", "hidden_abs");
        var logits = model.Logits(output.Hidden);
        language.AssertClose(logits, $"{side}logits", "logits_abs");
        language.AssertClose(TokenLoss.Of(logits, labels), $"{side}loss", "loss_abs");
    }

    static void Buckets(SequenceToSequenceModel model, LanguageCase language)
    {
        var distances = language.Read("relative_bucket.relative_position");
        var (encoder, decoder) = model.Distances;
        language.AssertSame(encoder.Bucket(distances), "relative_bucket.encoder");
        language.AssertSame(decoder.Bucket(distances), "relative_bucket.decoder");
    }

    static void Decoded(SequenceToSequenceModel model, LanguageCase language)
    {
        var ids = language.Read("decoder_input_ids");
        using var memory = model.Encode(Rows(language, "right."));
        using var cache = model.NewCache();
        Step(0, 2, "decode.prefill_logits");
        AssertKept(cache.Layers[0].Keys!, "decode.cache_self_k.0", null);
        AssertKept(memory.Kept(0)!.Value.Keys, "decode.cache_cross_k.0", language.Read("right.attention_mask"));
        Step(2, 1, "decode.step1_logits");
        Step(3, 2, "decode.step2_logits");

        void Step(long from, long count, string name) =>
            language.AssertClose(model.Logits(model.Decode(new(ids.narrow(1, from, count)) { Cache = cache }, memory).Hidden), name, "logits_abs");

        void AssertKept(Tensor held, string name, Tensor? mask)
        {
            language.AssertClose(held.transpose(1, 2), language.Read(name), name, language.Tolerance("hidden_abs"), mask?.unsqueeze(1));
        }
    }

    static void Generated(SequenceToSequenceModel model, LanguageCase language, string side)
    {
        var want = language.Read("gen.decoder_ids");
        using var memory = model.Encode(Rows(language, side));
        using var cache = model.NewCache();
        var next = full([want.shape[0], 1], model.StartId, ScalarType.Int64, want.device);
        var tokens = new List<Tensor> { next };
        var done = zeros_like(next, ScalarType.Bool);
        while (tokens.Count < want.shape[1])
        {
            next = model.Logits(model.Decode(new(next) { Cache = cache }, memory).Hidden).argmax(-1).masked_fill(done, model.Config.PadId!.Value);
            foreach (int end in model.Config.EndIds) done = done.logical_or(next.eq(end));
            tokens.Add(next);
        }
        language.AssertSame(cat([.. tokens], 1), "gen.decoder_ids");
    }

    static Tensor Loss(SequenceToSequenceModel model, LanguageCase language, string side)
    {
        var labels = language.Read("labels");
        using var memory = model.Encode(Rows(language, side));
        return TokenLoss.Of(model.Logits(model.Decode(new(model.DecoderIds(labels)), memory).Hidden), labels);
    }
}
