namespace Lowrank.Adapters;

public sealed partial class AdaptedLayer
{
    /// <summary>One reparameterization of the list.</summary>
    public sealed class Entry
    {
        readonly AdaptedLayer host;

        internal Entry(AdaptedLayer host, Reparameterization reparameterization)
        {
            this.host = host;
            Reparameterization = reparameterization;
        }

        /// <summary>What it does.</summary>
        public Reparameterization Reparameterization { get; }

        /// <summary>The adapter's place in the model; null for one that was added by itself.</summary>
        internal Attachment? Attachment { get; set; }

        /// <summary>Whether it is worked into the weight.</summary>
        public bool IsMerged => Now?.IsMerged ?? false;

        /// <summary>By how much; 0 leaves it out, and a negative one works the other way.</summary>
        /// <exception cref="LowrankException">Not a finite number, or it is worked into the weight.</exception>
        public double Strength
        {
            get => Now?.Strength ?? 0;
            set
            {
                Placed.RefuseInfinite(value);
                HostChange.Make(change => change[host] = change[host].Changed(this, placed =>
                {
                    if (value != placed.Strength) placed.RefuseMerged("changing it");
                    return placed with { Strength = value };
                }));
            }
        }

        /// <summary>Whether it is switched on; off, it is left out and keeps its strength.</summary>
        /// <exception cref="LowrankException">It is worked into the weight and can no longer be switched.</exception>
        public bool Active
        {
            get => Now?.Active ?? false;
            set => HostChange.Make(change => change[host] = change[host].Changed(this, placed =>
            {
                if (value != placed.Active) placed.RefuseMerged("switching it");
                return placed with { Active = value };
            }));
        }

        /// <summary>Whether it changes anything where nothing else is said.</summary>
        internal bool Works => Now?.Works ?? false;

        /// <summary>The layer's host.</summary>
        internal AdaptedLayer Host => host;

        /// <summary>Why its parameters learn nothing, with what to do; null where they do.</summary>
        internal string? Idle()
        {
            string by = Attachment is { } one ? $"the adapter \"{one.Name}\"" : $"the adapter at {Reparameterization.Target}";
            const string Others = "or make an optimizer over the parameters of those that are";
            return Now switch
            {
                null => $"{by} is attached to no model: attach it, {Others}",
                { Active: false } => $"{by} is switched off: switch it on before the forward pass, {Others} on",
                { Strength: 0 } => $"{by} has strength 0: give it another before the forward pass",
                _ => null,
            };
        }

        /// <summary>How it stands in the list now; null once it was taken out.</summary>
        internal Placed? Now => HostChange.StateOf(host).Of(this);
    }
}
