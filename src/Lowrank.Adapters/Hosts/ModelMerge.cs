namespace Lowrank.Adapters;

/// <summary>Works adapters into the weights of a model, and gives the weights back.</summary>
sealed class ModelMerge(ModelDescription model)
{
    // Looked up anew: within a change nobody else attaches or detaches.
    List<AdaptedLayer> Hosts => [.. ModelAdaptation.Hosts(model)];

    /// <summary>Works those of the attached that are chosen into the weights: all layers, or none.</summary>
    public void Merge(Func<AdaptedLayer.Entry, bool> chosen)
    {
        HostChange.Make(change =>
        {
            if (Hosts.Exists(host => host.IsMerged)) throw new LowrankException("the model is merged already; unmerge it first");
            Hosts.ForEach(host => host.RefuseMerging());
            new TiedMerge(model, chosen).Check();
            try
            {
                Take(change, chosen);
            }
            catch
            {
                GiveBack(change);
                throw;
            }
        }, isAlone: true);
    }

    void Take(HostChange change, Func<AdaptedLayer.Entry, bool> chosen)
    {
        using var scratch = new Scratch();
        var before = Hosts.ConvertAll(host => MemoryOf(host.Layer.Weight));
        var biases = new HashSet<MemoryRange>();
        foreach (var (host, memory) in Hosts.Zip(before))
        {
            using var scope = NewDisposeScope();
            // A parameter that several layers hold was exchanged with the first of them.
            bool isExchanged = MemoryOf(host.Layer.Weight) != memory;
            var merged = host.Merged(chosen, () => host.Layer.Weight.Copied(scratch), isRounded: true);
            if (isExchanged) merged.Weight = null;
            if (merged.Bias is not null && !biases.Add(MemoryRange.Of(host.Layer.Bias!))) merged.Bias = null;
            host.Take(change, merged, chosen);
        }
        Hosts.ForEach(host => host.Remember());
    }

    static MemoryRange? MemoryOf(IWeight weight)
    {
        using var scope = NewDisposeScope();   // some of TorchSharp's getters make a handle
        return weight is DenseWeight dense ? MemoryRange.Of(dense.Dense()) : null;
    }

    /// <summary>Works these into the weights, and no others.</summary>
    public void Merge(IReadOnlyList<Attachment> attachments)
    {
        PromptHost.RefuseMerging(attachments);
        if (attachments.Count == 0) throw new LowrankException("no attached adapter was named to be merged");
        var meant = new HashSet<AdaptedLayer.Entry>();
        foreach (var attachment in attachments)
        {
            var own = Hosts.Select(attachment.At).OfType<AdaptedLayer.Entry>().ToList();
            if (own.Count == 0) throw new LowrankException($"{attachment.Adapter.Name} is not attached to this model; attach it first");
            meant.UnionWith(own);
        }
        foreach (var host in Hosts) RefuseOtherOrder(host, meant);
        Merge(meant.Contains);
    }

    // What stays beside comes after what is merged: where changes add up that is the same.
    static void RefuseOtherOrder(AdaptedLayer host, HashSet<AdaptedLayer.Entry> meant)
    {
        var works = host.Entries.Where(entry => entry.Works).ToList();
        int last = works.FindLastIndex(meant.Contains), first = works.FindIndex(entry => !meant.Contains(entry));
        if (first < 0 || first > last) return;
        bool addsUp = works.TrueForAll(entry => entry.Reparameterization is AdditiveReparameterization { NeedsWeight: false });
        if (addsUp) return;
        string target = $"{works[first].Reparameterization.Target}";
        throw new LowrankException($"an adapter that comes before the merged ones would come after them at {target}, and they do not add " +
            "up. Merge it too, switch it off, or attach it last.");
    }

    /// <summary>Gives every merged layer its original bits back.</summary>
    /// <param name="discardsEdits">Whether values that were written since are lost rather than an error.</param>
    public void Unmerge(bool discardsEdits)
    {
        if (!Hosts.Exists(host => host.IsMerged)) return;
        HostChange.Make(change =>
        {
            if (!discardsEdits) Hosts.ForEach(host => host.RefuseEdited());
            GiveBack(change);
        }, isAlone: true);
    }

    // The other way round: of a bias that is shared the first who merged has the original.
    void GiveBack(HostChange change)
    {
        foreach (var host in Hosts.AsEnumerable().Reverse()) host.GiveBack(change);
    }

    /// <summary>
    /// Works these into the weights for good, in place of what was merged before: the original bits are let go, and every adapter leaves
    /// the layers.
    /// </summary>
    /// <param name="attachments">Those that are worked in; the others only leave.</param>
    public void Keep(IReadOnlyList<Attachment> attachments) => HostChange.Make(change =>
    {
        var before = Hosts;
        Exchange(change, () => Merge(attachments));
        foreach (var host in before) host.Keep(change);
    }, isAlone: true);

    /// <summary>Takes some of the merged out of the weights again; the others stay merged.</summary>
    public void Without(IReadOnlyCollection<AdaptedLayer.Entry> entries)
    {
        HostChange.Make(change =>
        {
            var stays = Hosts.SelectMany(host => host.Entries).Where(entry => entry.IsMerged).Except(entries).ToHashSet();
            Exchange(change, () =>
            {
                if (stays.Count > 0) Merge(stays.Contains);
            });
        }, isAlone: true);
    }

    // Something else in place of what is merged; where that cannot be, what was merged is in the weights again.
    void Exchange(HostChange change, Action merge)
    {
        var was = Hosts.SelectMany(host => host.Entries).Where(entry => entry.IsMerged).ToHashSet();
        Hosts.ForEach(host => host.RefuseEdited());
        GiveBack(change);
        try
        {
            merge();
        }
        catch
        {
            if (was.Count > 0) Take(change, was.Contains);
            throw;
        }
    }
}
