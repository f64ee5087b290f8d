using Lowrank.Models;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using Tensor = TorchSharp.torch.Tensor;

namespace Goldens;

/// <summary>What is asked of a causal model.</summary>
static class LanguageCausalChecks
{
    public static void Check(LanguageCase language)
    {
        using var model = language.Load<CausalModel>();
        using (no_grad())
        {
            Right(model, language);
            Left(model, language);
            Packed(model, language);
            Decoded(model, language);
            Generated(model, language);
        }
        LanguageGradients.Check(model, language, () => Loss(model, language.Batch("right"), language.Read("right.labels")));
    }

    static void Right(CausalModel model, LanguageCase language)
    {
        var input = language.Batch("right") with { KeepsLayers = true, KeepsRouters = true };
        var output = model.Run(input);
        language.AssertClose(output.Layers[0], "right.hidden.embed", "hidden_abs", input.Mask);
        for (int layer = 0; layer + 1 < output.Layers.Count; layer++)
            language.AssertClose(output.Layers[layer + 1], $"right.hidden.layer{layer}", "hidden_abs", input.Mask);
        if (language.Has("right.hidden.final_norm")) language.AssertClose(output.Hidden, "right.hidden.final_norm", "hidden_abs", input.Mask);
        language.AssertClose(model.Logits(output.Hidden), "right.logits", "logits_abs", input.Mask);
        language.AssertClose(Loss(model, input, language.Read("right.labels")), "right.loss", "loss_abs");
        Balance(model, language, output, input.Mask!);
        Assert.Equal(language.Names("right.router_logits.").Count(), output.Routers.Count);
        for (int router = 0; router < output.Routers.Count; router++)
            language.AssertClose(output.Routers[router], $"right.router_logits.{router}", "atol", input.Mask!.reshape(-1));
    }

    static void Balance(CausalModel model, LanguageCase language, LanguageOutput output, Tensor mask)
    {
        if (!language.Has("right.aux_loss")) return;
        var config = (ExpertsConfig)model.Config;
        var balance = ExpertBalance.Loss(output.Routers, config.ChosenExperts, mask);
        language.AssertClose(balance, "right.aux_loss", "atol");
        var loss = Loss(model, language.Batch("right"), language.Read("right.labels"));
        language.AssertClose(loss + balance * config.BalanceShare, "right.loss_with_aux", "loss_abs");
    }

    static void Left(CausalModel model, LanguageCase language)
    {
        var (left, right) = (language.Batch("left"), language.Batch("right"));
        var got = model.Logits(model.Run(left with { Positions = null }).Hidden)[left.Mask!.ne(0)];
        var want = language.Read("right.logits")[right.Mask!.ne(0)];
        language.AssertClose(got, want, "left.logits", language.Tolerance("logits_abs"));
        language.AssertClose(Loss(model, left, language.Read("left.labels")), "left.loss", "loss_abs");
    }

    static void Packed(CausalModel model, LanguageCase language)
    {
        var input = LanguageInput.Packed(language.Read("packed.input_ids"), language.Read("packed.position_ids"));
        language.AssertClose(model.Logits(model.Run(input).Hidden), "packed.logits", "logits_abs");
    }

    static void Decoded(CausalModel model, LanguageCase language)
    {
        var whole = language.Batch("left");
        long columns = whole.Ids.shape[1];
        using var cache = model.NewCache();
        var prefill = Step(0, columns - 4);
        language.AssertClose(prefill[.., ^1], "decode.prefill_logits_last", "logits_abs");
        var mask = whole.Mask!.narrow(1, 0, columns - 4);
        AssertCached(cache.Layers[0].Keys!, "decode.cache_k.0");
        AssertCached(cache.Layers[0].Values!, "decode.cache_v.0");
        language.AssertClose(Step(columns - 4, 1), "decode.step1_logits", "logits_abs");
        language.AssertClose(Step(columns - 3, 3), "decode.step3_logits", "logits_abs");

        Tensor Step(long from, long count) => model.Logits(model.Run(new(whole.Ids.narrow(1, from, count))
        {
            Mask = whole.Mask!.narrow(1, 0, from + count), Cache = cache,
        }).Hidden);

        void AssertCached(Tensor held, string name)
        {
            var want = language.Read(name);
            var real = mask.narrow(1, mask.shape[1] - held.shape[1], held.shape[1]).unsqueeze(1);
            var got = held.transpose(1, 2);
            // Of Falcon transformers keeps a copy of each key head for every head that asks it.
            if (want.shape[1] > got.shape[1]) got = got.repeat_interleave(want.shape[1] / got.shape[1], 1);
            language.AssertClose(got, want, name, language.Tolerance("hidden_abs"), real);
        }
    }

    static void Generated(CausalModel model, LanguageCase language)
    {
        var facts = language.Facts.GetProperty("gen_eos");
        long count = language.Read("gen.tokens").shape[1];
        language.AssertSame(Greedy(model, language.Batch("left"), count, null, 0), "gen.tokens");
        long end = facts.GetProperty("eos_token_id").GetInt64(), pad = facts.GetProperty("pad_token_id").GetInt64();
        language.AssertSame(Greedy(model, language.Batch("left"), count, end, pad), "gen.eos_tokens");
    }

    static Tensor Greedy(CausalModel model, LanguageInput prompt, long count, long? end, long pad)
    {
        using var cache = model.NewCache();
        var (ids, mask) = (prompt.Ids, prompt.Mask!);
        var done = zeros([ids.shape[0], 1], ScalarType.Bool, ids.device);
        var tokens = new List<Tensor>();
        while (tokens.Count < count && !done.all().ToBoolean())
        {
            var hidden = model.Run(new(ids) { Mask = mask, Cache = cache }).Hidden;
            ids = model.Logits(hidden.narrow(1, hidden.shape[1] - 1, 1)).argmax(-1);
            ids = ids.masked_fill(done, pad);
            tokens.Add(ids);
            if (end is { } stop) done = done.logical_or(ids.eq(stop));
            mask = cat([mask, ones_like(ids)], 1);
        }
        return cat([.. tokens], 1);
    }

    static Tensor Loss(CausalModel model, LanguageInput input, Tensor labels)
    {
        var logits = model.Logits(model.Run(input).Hidden).narrow(1, 0, labels.shape[1] - 1);
        return F.cross_entropy(logits.reshape(-1, logits.shape[^1]), labels.narrow(1, 1, labels.shape[1] - 1).reshape(-1), ignore_index: -100);
    }
}
