namespace Lowrank.Adapters;

/// <summary>A block in which each row of a batch has its own adapter.</summary>
sealed class RowPlans : CallChoice
{
    readonly Dictionary<AdaptedLayer, RowPlan> plans = [];
    readonly List<RowIndex> indices = [];
    readonly IReadOnlyList<Attachment> prompts;
    bool isOver;

    public RowPlans(IReadOnlyList<AdaptedLayer> hosts, IReadOnlyList<Attachment?> rows, IReadOnlyList<Attachment> prompts)
    {
        this.prompts = prompts;
        if (rows.Count == 0)
            throw new LowrankException("no row was given an adapter; name one for each row of the batch, null for the base");
        if (hosts.Any(host => host.IsMerged))
            throw new LowrankException("the model is merged, so that no row can be without its adapters; unmerge it first");
        var users = rows.Index().Where(row => row.Item is not null).GroupBy(row => row.Item!, row => (long)row.Index).ToList();
        foreach (var user in users)
            if (!hosts.Any(host => user.Key.At(host) is not null))
            {
                string named = $"{user.Key.Adapter.Name}, named for row {user.First()},";
                throw new LowrankException($"{named} is not attached to this model; attach it first");
            }
        var shares = users.ConvertAll(user => (Attachment: user.Key, Rows: new RowIndex([.. user])));
        indices.AddRange(shares.Select(share => share.Rows));
        foreach (var host in hosts)
        {
            List<(AdaptedLayer.Entry, RowIndex)> own = [];
            foreach (var (attachment, rowsOfOne) in shares)
                if (attachment.At(host) is { } entry) own.Add((entry, rowsOfOne));
            plans[host] = new RowPlan(host.Entries.First().Reparameterization.Target, rows.Count, own);
        }
        Open();
    }

    /// <inheritdoc/>
    public override string Name => nameof(ModelAdaptation.PerRow);

    /// <inheritdoc/>
    public override bool Concerns(AdaptedLayer host) => plans.ContainsKey(host);

    /// <summary>The rows of a layer.</summary>
    /// <exception cref="LowrankException">The block has ended, and this call was begun in it and left to itself.</exception>
    public RowPlan At(AdaptedLayer host)
    {
        if (!isOver) return plans[host];
        throw new LowrankException($"the block of {Name} in which this call was begun has ended; await the call within the block");
    }

    /// <inheritdoc/>
    protected override bool Gives(Attachment attachment, bool works) => works && !prompts.Contains(attachment);

    // Rows are answered by their plan; what is not asked by rows has the adapters that it would have.
    protected override IEnumerable<Placed> Of(AdaptedLayer host, LayerState seen, IEnumerable<Placed> placed) => placed;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        isOver = true;
        foreach (var rows in indices) ModelCalls.Retire(rows.Dispose);
        indices.Clear();
    }
}
