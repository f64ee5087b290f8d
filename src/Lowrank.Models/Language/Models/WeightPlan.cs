namespace Lowrank.Models;

/// <summary>Which stored tensors fill which parameters of a model: made from the file's header, before anything is read.</summary>
sealed class WeightPlan
{
    readonly ITensorFile file;
    readonly WeightNames names;
    readonly Dictionary<string, TensorInfo> stored;
    readonly HashSet<string> used = [];
    readonly List<Func<string>> faults = [];
    readonly List<string> notes = [];
    readonly List<(string Own, Tensor Parameter, IReadOnlyList<WeightPiece> Pieces)> fills = [];
    readonly LanguageNetwork model;
    readonly Dictionary<string, string> single = [];
    readonly List<Tensor> lacking = [];
    readonly bool mayLackHead, dropsHead;

    /// <summary>A plan for a whole model.</summary>
    /// <param name="model">What is to be filled.</param>
    /// <param name="file">Its weights.</param>
    /// <param name="names">What they may be called.</param>
    /// <param name="mayLackHead">Whether its head need not be stored, or be of its size: it is zeros then, whatever is stored.</param>
    /// <param name="otherHead">Why a head that is stored is not its own, as what goes on from the head's name; null where it is, unless
    /// it is of another size.</param>
    /// <exception cref="LowrankException">Weights missing, left over, misshapen, or no floats; all are listed.</exception>
    public WeightPlan(LanguageNetwork model, ITensorFile file, WeightNames names, bool mayLackHead = false, string? otherHead = null)
    {
        (this.model, this.file, this.names, this.mayLackHead) = (model, file, names, mayLackHead);
        stored = file.Tensors.ToDictionary(tensor => tensor.Name);
        dropsHead = mayLackHead && HasOtherHead(otherHead);
        var copies = model.SharedNames.ToLookup(pair => pair.Value, pair => pair.Key);
        foreach (var (own, parameter) in model.state_dict())
            if (!model.SharedNames.ContainsKey(own)) Place(own, parameter, copies[own]);
        Leftovers(model);
        bool isTorn = lacking.Count > 0 && model.state_dict().Keys.Count(IsOfHead) > lacking.Count;
        if (isTorn) faults.Add(() => "of its head a part is stored and a part is not");
        if (faults.Count > 0) throw new LowrankException(Told(model));
    }

    /// <summary>What was passed over, a sentence each.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Stored names by the model's, of the tensors that are stored whole.</summary>
    public IReadOnlyDictionary<string, string> Single => single;

    /// <summary>Where one matrix of a parameter of several lies in the file; null where the model has no such parameter.</summary>
    /// <param name="own">The parameter's name.</param>
    /// <param name="index">The place along its first axis.</param>
    public IReadOnlyList<StoredPiece>? PiecesOf(string own, int index)
    {
        var pieces = fills.Find(fill => fill.Own == own).Pieces;
        if (pieces is null) return null;
        if (pieces is [{ Slice: null } whole]) return [new(whole.Stored, index, 0)];
        return [.. pieces.Where(piece => piece.Slice == index).Select(piece => new StoredPiece(piece.Stored, null, piece.Row))];
    }

    /// <summary>Reads everything into the model; a layer's matrix of few bits stays so, and what else the file keeps in few bits is
    /// told.</summary>
    public void Fill()
    {
        using var grad = no_grad();
        foreach (var parameter in lacking) parameter.zero_();
        model.LacksHead = lacking.Count > 0;
        var widened = new List<string>();
        var layers = model.named_modules().ToDictionary(place => $"{place.name}.weight", place => place.module as AdaptableLayer);
        foreach (var (own, parameter, pieces) in fills)
        {
            if (layers.GetValueOrDefault(own) is { } layer && Packed(layer, pieces)) continue;
            widened.AddRange(pieces.Select(piece => piece.Stored).Where(IsOfFewBits));
            foreach (var piece in pieces)
            {
                using var scope = NewDisposeScope();
                piece.Fill(parameter, file.Read(piece.Stored));
            }
        }
        if (widened.Distinct().ToList() is { Count: > 0 } names)
            model.Notes = [.. model.Notes, $"{names.Count} tensors that {file.Path} keeps in few bits, {names[0]} among them, are floats " +
                "in memory: matrices of layers alone stay in few bits there, on the CPU, and not experts that lie in one tensor."];
    }

    bool IsOfFewBits(string name) =>
        file is IPackedFile packed && (stored[name].Dtype.Decoder is not null || packed.StoredOf(name).Count > 0);

    bool Packed(AdaptableLayer layer, IReadOnlyList<WeightPiece> pieces)
    {
        bool isMatrix = layer.Kind is LayerKind.Linear or LayerKind.TransposedLinear or LayerKind.Embedding;
        bool isNear = layer.Weight.Device.type == DeviceType.CPU;   // where the kernels of few bits work
        if (!isMatrix || !isNear || file is not IPackedFile packed || pieces is not [{ Slice: null } whole]) return false;
        if (packed.ReadPacked(whole.Stored) is not { } matrix) return false;
        layer.Pack(new PackedWeight(matrix, layer.Weight.Dtype, model.Shelf));
        return true;
    }

    void Place(string own, Tensor parameter, IEnumerable<string> copies)
    {
        long[] shape = parameter.shape;
        string[] found = [.. names.Spellings(own).Distinct().Where(stored.ContainsKey)];
        if (dropsHead && IsOfHead(own))
        {
            used.UnionWith(found);
            lacking.Add(parameter);
            return;
        }
        string[] tied = [.. copies.SelectMany(names.Spellings).Distinct().Where(stored.ContainsKey)];
        used.UnionWith(found);
        used.UnionWith(tied);
        if (found.Length > 1)
        {
            faults.Add(() => $"{own} is stored as {string.Join(" and as ", found)}, and which one is meant cannot be known");
            return;
        }
        if (found.Concat(tied).FirstOrDefault() is { } name)
        {
            single[own] = name;
            Add(own, parameter, [new(name, shape)]);
            return;
        }
        var pieces = names.Stacks.Select(stack => stack.Of(own, shape)).FirstOrDefault(all => all is not null);
        bool isThere = pieces is not null && pieces.Any(piece => stored.ContainsKey(piece.Stored));
        if (isThere) Add(own, parameter, pieces!);
        else if (mayLackHead && IsOfHead(own)) lacking.Add(parameter);
        else faults.Add(() => $"{own} is missing{Nearest(own)}");
    }

    // A head of other classes: where a part of it is of another size, none is taken, as in the LoRA paper's warm starts.
    bool HasOtherHead(string? reason)
    {
        foreach (var (own, parameter) in model.state_dict().Where(one => IsOfHead(one.Key)))
            foreach (string name in names.Spellings(own).Where(stored.ContainsKey))
            {
                var shape = stored[name].Shape;
                bool isOfItsSize = shape.AsSpan().SequenceEqual(parameter.shape);
                if (reason is null && isOfItsSize) continue;
                string told = reason ?? $"has shape {shape.Text()}, and the model's is {parameter.shape.Text()}";
                notes.Add($"{name} of {file.Path} {told}: its head is passed over.");
                return true;
            }
        return false;
    }

    bool IsOfHead(string own) => model.IsOfHead($"{ModelDescription.Whole}.{own}");

    void Add(string own, Tensor parameter, IReadOnlyList<WeightPiece> pieces)
    {
        fills.Add((own, parameter, pieces));
        foreach (var piece in pieces)
        {
            used.Add(piece.Stored);
            if (!stored.TryGetValue(piece.Stored, out var info)) faults.Add(() => $"{piece.Stored} is missing");
            else if (!info.Shape.AsSpan().SequenceEqual(piece.Shape))
                faults.Add(() => $"{piece.Stored} has shape {info.Shape.Text()}, and the model's is {piece.Shape.Text()}");
            else if (!info.Dtype.IsFloat() && !info.Dtype.IsFloat8())
                faults.Add(() => $"{piece.Stored} holds {info.Dtype}, and a weight is a float");
        }
    }

    void Leftovers(LanguageNetwork model)
    {
        string[] left = [.. stored.Keys.Where(name => !used.Contains(name) && !names.IsBuffer(name))];
        var heads = left.Where(names.IsOtherHead).ToList();
        if (heads.Count > 0)
            notes.Add($"{file.Path} holds {string.Join(", ", heads)}, of a head that {model.GetName()} does not have; passed over.");
        foreach (string name in left.Except(heads))
            faults.Add(() => $"{name} is left over (nearest: {string.Join(", ", NearestNames.To(name, model.state_dict().Keys, 1))})");
    }

    string Nearest(string own)
    {
        string[] free = [.. stored.Keys.Where(name => !used.Contains(name))];
        return free.Length > 0 ? $" (nearest: {NearestNames.To(own, free, 1)[0]})" : "";
    }

    string Told(LanguageNetwork model)
    {
        const int Most = 8;
        string first = string.Join("; ", faults.Take(Most).Select(fault => fault()));
        string more = faults.Count > Most ? $"; and {faults.Count - Most} more" : "";
        return $"{file.Path} does not fit {model.GetName()}: {first}{more}. " +
            "Is it the weights file of another model, or of another config.json?";
    }
}
