namespace Lowrank.Torch;

/// <summary>A bag of words: rows that are looked up, and added or averaged.</summary>
/// <remarks>
/// A limit of the rows' norms (max_norm) acts on the base's rows, as libtorch writes it into them; it is not told and not asked of the
/// adapted ones.
/// </remarks>
sealed class SealedBag : SealedModule
{
    const int RowsAtOnce = 4096;

    readonly TorchSharp.Modules.EmbeddingBag module;
    readonly BagRule? rule;

    /// <summary>Of a module.</summary>
    public SealedBag(TorchSharp.Modules.EmbeddingBag module) : base(module)
    {
        this.module = module;
        rule = SealedProbe.InEvaluation(module, Found);
        if (rule is null) Reason = "its answers do not tell whether it adds rows or averages them; an Embedding and a sum can be adapted";
        else Weights = [new SealedWeight(this, "", "weight", null, LayerKind.Embedding)];
    }

    /// <summary>The weight that answers: after TorchSharp's from_pretrained the module lists another, of random numbers.</summary>
    public override Parameter? Parameter(string name) => module.weight;

    // TorchSharp tells neither what it does with the rows nor which word it leaves out.
    BagRule? Found()
    {
        var weight = module.weight!;
        var before = weight.detach().clone();   // a limit of norms is written into the rows that are asked
        try
        {
            Tensor offsets = tensor(new long[] { 0, 2 }, device: weight.device);
            bool last = module.forward(zeros([2], ScalarType.Int64, weight.device), offsets, null!).shape[0] == 1;
            long? padding = Padding(weight, last);
            long[] words = [.. new long[] { 0, 1, 2 }.Where(word => word != padding && word < weight.shape[0]).Take(2)];
            if (words.Length < 2) return null;
            Tensor ids = tensor(words, device: weight.device);
            var own = module.forward(ids, offsets, null!);
            var candidates = Enumerable.Range(0, 3).Select(mode =>
                BagOperator.Run(weight, ids, offsets, null, new(mode, last, padding)).narrow(0, 0, 1));
            return SealedProbe.Matching(own.narrow(0, 0, 1), candidates) is { } mode ? new(mode, last, padding) : null;
        }
        finally
        {
            if (!weight.equal(before).all().ToBoolean()) weight.copy_(before);
        }
    }

    // The word whose row is answered as zero, or, where the row is zero, gets no gradient.
    long? Padding(Tensor weight, bool last)
    {
        for (long first = 0; first < weight.shape[0]; first += RowsAtOnce)
        {
            using var scope = NewDisposeScope();
            var ids = arange(first, Math.Min(first + RowsAtOnce, weight.shape[0]), ScalarType.Int64, weight.device);
            var answered = OneByOne(ids, last);
            var isLeftOut = (answered == 0).all(1).logical_and((weight.narrow(0, first, ids.shape[0]) != 0).any(1));
            if (isLeftOut.any().ToBoolean()) return first + isLeftOut.to(ScalarType.Int64).argmax().ToInt64();
            var zeros = ids.masked_select((answered == 0).all(1));
            if (zeros.shape[0] > 0 && Unmoved(weight, zeros, last) is { } word) return word;
        }
        return null;
    }

    // A bag for each word.
    Tensor OneByOne(Tensor words, bool last) =>
        module.forward(words, arange(0, words.shape[0] + (last ? 1 : 0), ScalarType.Int64, words.device), null!);

    long? Unmoved(Tensor weight, Tensor words, bool last)
    {
        bool wanted = weight.requires_grad;
        weight.requires_grad = true;
        try
        {
            using var grad = enable_grad();
            var answer = OneByOne(words, last);
            if (autograd.grad([answer.sum()], [weight], allow_unused: true)[0] is not { } moved) return null;
            var rows = (moved.is_sparse ? moved.to_dense() : moved).index_select(0, words);
            var still = (rows == 0).all(1);
            return still.any().ToBoolean() ? words[still.to(ScalarType.Int64).argmax()].ToInt64() : null;
        }
        finally
        {
            weight.requires_grad = wanted;
        }
    }

    protected override Delegate Answering =>
        (nn.Module<Tensor, Tensor, Tensor, Tensor> _, Tensor ids, Tensor offsets, Tensor shares, Tensor answer) => Answer(
            answer,
            now => ids.dim() == 1
                ? BagOperator.Run(now[0].Weight, ids, offsets, shares, rule!.Value)
                : BagOperator.Run(
                    now[0].Weight, ids.reshape(-1), arange(0, ids.numel(), ids.shape[1], ScalarType.Int64, ids.device), shares?.reshape(-1),
                    rule!.Value),
            static (scope, result) => scope.MoveToOuter(result));
}
